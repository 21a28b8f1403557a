package io.tidewatch.page.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.testing.config.OddFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorsTest {
    private static final String LAN = "192.168.1.7";

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(-5);
    private Path password;
    private Doors doors;

    @BeforeEach
    void write() throws Exception {
        password = Files.writeString(folder.resolve("password"), "correct horse\nsecond line\n");
        Path name = Files.writeString(folder.resolve("hostname"), "Belabox\n");
        doors = new Doors(new HostNames(name), now::get);
    }

    private static Doors.Rules rules(boolean open, @Nullable Path file, String... hosts) {
        return new Doors.Rules(open, Optional.ofNullable(file), Set.of(hosts));
    }

    private Doors.Decision ask(Doors.Rules rules, String host, String local, @Nullable String authorization) {
        return doors.decide(rules, new Doors.Visitor(host, authorization, local, "192.168.1.50"));
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9100",
                "localhost:9100",
                "[::1]:9100",
                "192.168.1.7",
                "BELABOX",
                "belabox.local:80"
            })
    void theDeviceIsAskedByItsAddressOrName(String host) {
        assertThat(ask(rules(false, null), host, "127.0.0.1", null).verdict()).isEqualTo(Doors.Verdict.OPEN);
    }

    /** DNS rebinding: a page of the Internet whose name leads here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9100",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "",
                "1.2.3.4.5"
            })
    void anotherNameIsRefusedEvenWhenOpen(String host) {
        assertThat(ask(rules(true, null), host, "127.0.0.1", null).verdict()).isEqualTo(Doors.Verdict.CLOSED);
        assertThat(ask(rules(false, password), host, LAN, basic("a:correct horse"))
                        .verdict())
                .isEqualTo(Doors.Verdict.CLOSED);
    }

    @Test
    void withoutANameThereIsNoAnswer() {
        Doors.Visitor nameless = new Doors.Visitor(null, null, "127.0.0.1", "127.0.0.1");
        assertThat(doors.decide(rules(true, null), nameless).verdict()).isEqualTo(Doors.Verdict.CLOSED);
    }

    @ParameterizedTest
    @EnumSource(OddFile.class)
    void aPasswordFileThatIsNoFileOpensNothingAndHoldsNothingUp(OddFile odd) throws Exception {
        Path file = odd.make(folder.resolve("odd"));
        Doors.Rules rules = rules(false, file);
        Doors.Decision decision = ask(rules, LAN, LAN, basic("any:correct horse"));
        assertThat(decision.verdict()).isNotEqualTo(Doors.Verdict.OPEN);
        assertThat(decision.reason()).contains("cannot be checked");
        assertThatThrownBy(() -> new PasswordFile(file).read())
                .hasMessage("password.file " + file + " cannot be read (" + odd.reason()
                        + "); write the password into a file there");
    }

    @Test
    void namesOfAProxyAreConfigured() {
        assertThat(ask(rules(true, null, "rig.example.org"), "Rig.Example.Org:443", LAN, null)
                        .verdict())
                .isEqualTo(Doors.Verdict.OPEN);
    }

    @Test
    void anotherAddressIsClosedUntilItIsOpened() {
        Doors.Decision closed = ask(rules(false, null), LAN, LAN, null);
        assertThat(closed.verdict()).isEqualTo(Doors.Verdict.CLOSED);
        assertThat(closed.reason()).contains("password.file", "page.public", "tidewatch.page.cfg", "tidewatch page");
        assertThat(ask(rules(true, null), LAN, LAN, null).verdict()).isEqualTo(Doors.Verdict.OPEN);
        assertThat(ask(rules(false, null), LAN, "::1", null).verdict()).isEqualTo(Doors.Verdict.OPEN);
    }

    @Test
    void aPasswordOpensAndAChangedOneAtOnce() throws Exception {
        Doors.Rules rules = rules(false, password);
        assertThat(ask(rules, LAN, LAN, null).verdict()).isEqualTo(Doors.Verdict.PASSWORD);
        assertThat(ask(rules, LAN, LAN, basic("any:correct horse")).verdict()).isEqualTo(Doors.Verdict.OPEN);
        Files.writeString(password, "battery:staple");
        assertThat(ask(rules, LAN, LAN, basic(":correct horse")).verdict()).isEqualTo(Doors.Verdict.PASSWORD);
        assertThat(ask(rules, LAN, LAN, basic(":battery:staple")).verdict()).isEqualTo(Doors.Verdict.OPEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic ", "Basic !!!", "Bearer correct horse", "Basic Y29ycmVjdCBob3JzZQ=="})
    void whatIsNoPasswordIsWrong(String authorization) {
        assertThat(ask(rules(false, password), LAN, LAN, authorization).verdict())
                .isEqualTo(Doors.Verdict.PASSWORD);
    }

    @Test
    void guessingWaitsAndTheOwnerOfAnotherAddressDoesNot() {
        Doors.Rules rules = rules(false, password);
        int looked = 0;
        for (int i = 0; i < 6_000; i++) {
            now.addAndGet(10_000_000);
            Doors.Decision decision = ask(rules, LAN, LAN, basic(":guess" + i));
            looked += decision.verdict() == Doors.Verdict.PASSWORD ? 1 : 0;
            if (decision.verdict() == Doors.Verdict.WAIT) {
                assertThat(decision.seconds()).isBetween(1L, 64L);
            }
        }
        assertThat(looked)
                .as("guesses that were looked at in a minute of a hundred a second")
                .isBetween(5, 12);
        Doors.Visitor owner = new Doors.Visitor(LAN, basic(":correct horse"), LAN, "192.168.1.51");
        assertThat(doors.decide(rules, owner).verdict()).isEqualTo(Doors.Verdict.OPEN);
        now.addAndGet(65_000_000_000L);
        assertThat(ask(rules, LAN, LAN, basic(":correct horse")).verdict())
                .as("the same address afterwards")
                .isEqualTo(Doors.Verdict.OPEN);
        assertThat(ask(rules, LAN, LAN, basic(":wrong")).verdict()).isEqualTo(Doors.Verdict.PASSWORD);
    }

    @Test
    void aPasswordThatCannotBeUsedKeepsTheDoorClosedAndSaysWhy() throws Exception {
        for (String content : new String[] {"", "\n", "short", "\u0000".repeat(3), "x".repeat(5_000)}) {
            Files.writeString(password, content);
            assertThat(ask(rules(false, password), LAN, LAN, basic(":" + content))
                            .verdict())
                    .isEqualTo(Doors.Verdict.CLOSED);
            assertThat(Doors.problem(rules(false, password)).orElseThrow())
                    .contains("password.file", "8 to 1024 bytes");
        }
        Files.delete(password);
        assertThat(Doors.problem(rules(false, password)).orElseThrow())
                .contains("cannot be read (no such file or directory)");
        assertThat(Doors.problem(rules(true, password))).isEmpty();
        Files.writeString(password, "long enough");
        assertThat(Doors.problem(rules(false, password))).isEmpty();
    }
}
