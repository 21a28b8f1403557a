package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.config.Verdict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidatorTest {
    @TempDir
    Path folder;

    private Catalogue catalogue;
    private Placeholders placeholders;

    @BeforeEach
    void make() throws IOException {
        catalogue = new Catalogue(List.of(
                new ShelfPart(folder)
                        .metatype("test.one", "pattern", "!proxy", "!.token", "high", "low")
                        .check(TestCheck.class),
                new ShelfPart(folder).metatype("other", "key").component("name='c' configuration-pid='c.pid $'")));
        Files.writeString(folder.resolve("proxy"), "gopher://user:s3cret@host");
        Files.setPosixFilePermissions(folder.resolve("proxy"), PosixFilePermissions.fromString("rw-------"));
        placeholders = new Placeholders(
                Map.of("PATTERN", "a[", "LOW", "7", "OFTEN", "often"), name -> null, new SecretFolders(folder, null));
    }

    @Test
    void aGoodFileIsInForceAsItIs() {
        Verdict verdict = validate("interval=5s\nlow=${env:LOW}\nhigh=8\nservice.ranking=5\nStore.target=(x=y)");
        assertThat(verdict.good()).isTrue();
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.values())
                .isEqualTo(Map.of(
                        "interval", "5s", "low", "7", "high", "8", "service.ranking", "5", "Store.target", "(x=y)"));
    }

    @Test
    void aWrongValueIsNamedWithItsLineAndLeftOut() {
        Verdict verdict = validate("high=6\n\ninterval=often");
        assertThat(verdict.good()).isFalse();
        assertThat(verdict.values()).isEqualTo(Map.of("high", "6"));
        assertThat(verdict.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.in("test.one.cfg"))
                    .startsWith("test.one.cfg:3: invalid interval \"often\" (expected a duration");
            assertThat(problem.refused()).isTrue();
        });
    }

    @Test
    void mistakesAreToldInTheOrderOfTheirLines() {
        Verdict verdict = validate("intervall=5s\npattern=a[\nsomething\ninterval=0s\nhigh=lots");
        assertThat(verdict.problems()).extracting(Problem::line).containsExactly(1, 2, 3, 4, 5);
        assertThat(verdict.values()).isEmpty();
    }

    @Test
    void whatIsWrongOnlyWithoutARefusedValueIsFoundToo() {
        // Without low, which stands for nothing, high is below the default of low.
        Verdict verdict = validate("low=${env:NOBODY}\nhigh=4");
        assertThat(verdict.problems())
                .extracting(Problem::text)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("invalid low \"${env:NOBODY}\"", "NOBODY is not in the environment"),
                        second -> assertThat(second).contains("invalid high \"4\"", "from 5 to 100"));
        assertThat(verdict.values()).isEmpty();
    }

    @Test
    void whatIsLeftIsJudgedAgain() {
        // Above the refused low, but below its default.
        Verdict verdict = validate("low=-3\nhigh=4");
        assertThat(verdict.problems())
                .extracting(Problem::text)
                .satisfiesExactly(
                        first -> assertThat(first).contains("invalid low \"-3\""),
                        second -> assertThat(second).contains("invalid high \"4\"", "from 5 to 100"));
        assertThat(verdict.values()).isEmpty();
    }

    @Test
    void anUnknownKeyIsARemarkWithTheNearestOne() {
        Verdict verdict = validate("intervall=5s");
        assertThat(verdict.good()).isTrue();
        assertThat(verdict.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.refused()).isFalse();
            assertThat(problem.text())
                    .contains("intervall is no key of test.one", "did you mean interval")
                    .contains("expected .token, high, interval, low, pattern, proxy");
        });
    }

    @Test
    void aBackslashThatTheFileTakesAwayIsARemark() {
        Verdict verdict = validate("pattern=wwan\\d+");
        assertThat(verdict.values()).isEqualTo(Map.of("pattern", "wwand+"));
        assertThat(verdict.problems())
                .extracting(Problem::text)
                .containsExactly("pattern loses the backslash before 'd', as .cfg files take one; write \\\\d");
        assertThat(validate("pattern=wwan\\\\d+, a\\:b, \\u0041").problems()).isEmpty();
    }

    @Test
    void withoutMetatypeNoKeyIsUnknown() {
        assertThat(Validator.validate(parse("a=b"), "nobody", () -> catalogue, placeholders)
                        .problems())
                .isEmpty();
    }

    @Test
    void ofTwoEqualKeysTheSecondCounts() {
        Verdict verdict = validate("high=6\nhigh=9");
        assertThat(verdict.good()).isTrue();
        assertThat(verdict.values()).isEqualTo(Map.of("high", "9"));
        assertThat(verdict.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.text()).contains("high", "second time", "line 1");
        });
    }

    @Test
    void aMessageShowsThePlaceholderAndNotWhatItStandsFor() {
        Verdict verdict = validate("pattern=${env:PATTERN}\ninterval=${env:OFTEN}");
        assertThat(verdict.problems())
                .extracting(Problem::text)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("invalid pattern \"${env:PATTERN}\"")
                                .doesNotContain("a["),
                        second -> assertThat(second)
                                .contains("invalid interval \"${env:OFTEN}\"")
                                .doesNotContain("\"often"));
    }

    @Test
    void aSecretIsNeverShown() {
        Verdict verdict = validate("proxy=s3cret ${secret:proxy}");
        assertThat(verdict.secrets()).containsExactly("proxy");
        assertThat(verdict.problems()).singleElement().satisfies(problem -> assertThat(problem.text())
                .contains("invalid proxy \"…${secret:proxy}\"", "a URL")
                .doesNotContain("s3cret"));
        assertThat(validate("proxy=gopher://s3cret").problems()).singleElement().satisfies(problem -> assertThat(
                        problem.text())
                .contains("invalid proxy \"…\"")
                .doesNotContain("s3cret"));
        assertThat(validate("proxy=s3cret ${secret:absent}").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text())
                        .contains("${secret:absent}", folder + "/absent")
                        .doesNotContain("s3cret"));
    }

    @Test
    void aSecretGoesIntoSecretKeysOnly() {
        assertThat(validate("pattern=${secret:proxy}").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text())
                        .contains("invalid pattern \"${secret:proxy}\"", "not kept secret")
                        .doesNotContain("s3cret"));
        assertThat(validate(".token=${secret:proxy}").values()).containsEntry(".token", "gopher://user:s3cret@host");
    }

    @Test
    void aCheckThatFailsIsARemark() {
        Verdict verdict = validate("low=none");
        assertThat(verdict.good()).isTrue();
        assertThat(verdict.problems()).singleElement().satisfies(problem -> assertThat(problem.text())
                .contains("are used unchecked", "TestCheck", "NumberFormatException"));
    }

    @Test
    void controlCharactersAreNotPrinted() {
        assertThat(validate("interval=a\\u001b[2J").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("invalid interval \"a?[2J"));
    }

    @Test
    void pidsAreThoseOfMetatypesAndComponents() throws IOException {
        assertThat(catalogue.pids()).containsExactlyInAnyOrder("test.one", "other", "c.pid", "c");
        assertThat(catalogue.owns("c.pid")).isTrue();
        assertThat(catalogue.owns("test.two")).isFalse();
        Catalogue nameless = new Catalogue(List.of(new ShelfPart(folder)
                .component("name='plain'")
                .component("name='deaf' configuration-policy='ignore'")));
        assertThat(nameless.pids()).containsExactly("plain");
    }

    @Test
    void aPartThatCannotBeReadLeavesTheOthers() throws IOException {
        Catalogue mixed = new Catalogue(List.of(
                new ShelfPart(folder).brokenMetatype(),
                new ShelfPart(folder).checkNamed("no.such.Check\njava.lang.Object\n"),
                new ShelfPart(folder).metatype("test.one", "high").check(TestCheck.class)));
        assertThat(mixed.owns("test.one")).isTrue();
        assertThat(mixed.checks("test.one")).hasSize(1);
    }

    private Verdict validate(String text) {
        return Validator.validate(parse(text), "test.one", () -> catalogue, placeholders);
    }

    private static CfgFile parse(String text) {
        return CfgFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
