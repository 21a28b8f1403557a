package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationGuardTest {
    private static final class Memory implements InForce {
        final Map<PidOfFile, Map<String, String>> values = new HashMap<>();
        final List<String> files = new ArrayList<>();

        @Override
        public boolean exists(PidOfFile pid) {
            return values.containsKey(pid);
        }

        @Override
        public void put(PidOfFile pid, Map<String, String> put, String file) {
            values.put(pid, put);
            files.add(file);
        }

        @Override
        public void delete(PidOfFile pid) {
            values.remove(pid);
        }
    }

    @TempDir
    Path folder;

    @TempDir
    Path shelf;

    private final Memory inForce = new Memory();
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger needs = new AtomicInteger();
    private Catalogue catalogue;
    private String managed = "";
    private ConfigurationGuard guard;

    @BeforeEach
    void make() throws IOException {
        catalogue = new Catalogue(List.of(new ShelfPart(shelf)
                .metatype("test.one", "pattern", "!proxy", "high", "low")
                .check(TestCheck.class)));
        guard = guard();
    }

    private ConfigurationGuard guard() {
        return new ConfigurationGuard(
                inForce,
                () -> catalogue,
                pid -> pid.equals(managed),
                new Placeholders(Map.of(), name -> null, new SecretFolders(shelf, null)),
                now::get,
                needs::incrementAndGet);
    }

    @Test
    void aGoodFileIsPutIntoForceAndItsEndToo() throws IOException {
        Path file = install("test.one.cfg", "interval=5s");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s"));
        assertThat(inForce.files).containsExactly(file.toUri().toString());
        assertThat(guard.check().status()).isEqualTo(Status.OK);
        assertThat(guard.check().details()).containsEntry("files", 1);
        Files.delete(file);
        guard.uninstall(file.toFile());
        assertThat(inForce.values).isEmpty();
        assertThat(guard.check().details()).containsEntry("files", 0);
    }

    @Test
    void anInstanceHasItsOwnConfiguration() throws IOException {
        install("test.one-left.cfg", "interval=5s");
        install("test.one-right.cfg", "interval=6s");
        assertThat(inForce.values)
                .containsOnlyKeys(new PidOfFile("test.one", "left"), new PidOfFile("test.one", "right"));
    }

    @Test
    void aMistakeKeepsTheLastGoodFileUntilItIsMended() throws IOException {
        install("test.one.cfg", "interval=5s\nhigh=6");
        install("test.one.cfg", "interval=often\nhigh=9");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s", "high", "6"));
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(guard.check().message())
                .contains("mend test.one.cfg:1: interval=often is not accepted", "the last good configuration stays");
        install("test.one.cfg", "interval=7s");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "7s"));
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void atTheFirstSightAMistakeIsLeftOut() throws IOException {
        install("test.one.cfg", "interval=often\nhigh=9");
        assertThat(values("test.one")).isEqualTo(Map.of("high", "9"));
        assertThat(guard.check().message()).contains("until it is mended, the default is in force");
        install("test.one.cfg", "interval=often\nhigh=8");
        assertThat(values("test.one")).isEqualTo(Map.of("high", "8"));
    }

    @Test
    void aGuardThatIsUpdatedKeepsWhatIsInForce() throws IOException {
        install("test.one.cfg", "interval=5s");
        guard = guard();
        install("test.one.cfg", "interval=often");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s"));
    }

    @Test
    void aRemarkIsInForce() throws IOException {
        install("test.one.cfg", "intervall=5s\nhigh=8\nhigh=9");
        assertThat(values("test.one")).isEqualTo(Map.of("intervall", "5s", "high", "9"));
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(guard.check().message())
                .contains("did you mean interval", "second time")
                .doesNotContain("until");
        assertThat(guard.check().details()).containsEntry("problems", 2);
    }

    @Test
    void aFileForNobodyIsNamedAfterAWhile() throws IOException {
        install("test.on.cfg", "interval=5s");
        assertThat(guard.check().status()).isEqualTo(Status.OK);
        assertThat(needs.get()).isEqualTo(1);
        assertThat(guard.look()).isTrue();
        now.addAndGet(ConfigurationGuard.GRACE.toNanos());
        assertThat(guard.look()).isFalse();
        assertThat(guard.check().message())
                .contains("test.on.cfg: nothing is configured by test.on", "did you mean test.one.cfg?");
        assertThat(values("test.on")).isEqualTo(Map.of("interval", "5s"));
    }

    @Test
    void aBundleThatGoesMayComeBackWithinTheSameWhile() throws IOException {
        Catalogue with = catalogue;
        install("test.one.cfg", "interval=5s");
        now.addAndGet(10 * ConfigurationGuard.GRACE.toNanos());
        catalogue = new Catalogue(List.of());
        guard.examineAll();
        assertThat(guard.check().status()).isEqualTo(Status.OK);
        assertThat(needs.get()).isEqualTo(1);
        catalogue = with;
        guard.examineAll();
        assertThat(guard.look()).isFalse();
        catalogue = new Catalogue(List.of());
        guard.examineAll();
        now.addAndGet(ConfigurationGuard.GRACE.toNanos());
        assertThat(guard.look()).isFalse();
        assertThat(guard.check().message()).contains("nothing is configured by test.one");
    }

    @Test
    void aFileOfCommentsIsForNobodyInPeace() throws IOException {
        install("nobody.cfg", "# interval=5s\n");
        now.addAndGet(ConfigurationGuard.GRACE.toNanos());
        assertThat(guard.look()).isFalse();
        assertThat(needs.get()).isZero();
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aManagedServiceOwnsItsPid() throws IOException {
        managed = "some.library";
        install("some.library.cfg", "key=value");
        assertThat(needs.get()).isZero();
        assertThat(values("some.library")).isEqualTo(Map.of("key", "value"));
    }

    @Test
    void aBundleThatComesLaterJudgesTheFileThen() throws IOException {
        Catalogue with = catalogue;
        catalogue = new Catalogue(List.of());
        install("test.one.cfg", "interval=often\nhigh=9");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "often", "high", "9"));
        catalogue = with;
        guard.examineAll();
        assertThat(values("test.one")).isEqualTo(Map.of("high", "9"));
        assertThat(guard.check().message()).contains("interval=often");
        now.addAndGet(ConfigurationGuard.GRACE.toNanos());
        assertThat(guard.look()).isFalse();
        assertThat(guard.check().message()).doesNotContain("nothing is configured");
    }

    @Test
    void aSecretIsReadAgainWhenItChanges() throws IOException {
        secret("http://one");
        install("test.one.cfg", "proxy=${secret:proxy}");
        assertThat(values("test.one")).isEqualTo(Map.of("proxy", "http://one"));
        assertThat(needs.get()).isEqualTo(1);
        assertThat(guard.look()).isTrue();
        secret("http://three");
        assertThat(guard.look()).isTrue();
        assertThat(values("test.one")).isEqualTo(Map.of("proxy", "http://three"));
        Files.delete(shelf.resolve("proxy"));
        guard.look();
        assertThat(values("test.one")).as("last good").isEqualTo(Map.of("proxy", "http://three"));
        assertThat(guard.check().message()).contains("there is no file").doesNotContain("three");
        secret("http://four");
        guard.look();
        assertThat(values("test.one")).isEqualTo(Map.of("proxy", "http://four"));
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndReadLater() throws IOException {
        install("test.one.cfg", "interval=5s");
        Path file = folder.resolve("test.one.cfg");
        Files.delete(file);
        Files.createDirectory(file);
        guard.update(file.toFile());
        assertThat(guard.check().message()).contains("test.one.cfg: cannot be read", "last good");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s"));
        assertThat(guard.look()).isTrue();
        Files.delete(file);
        Files.writeString(file, "interval=6s");
        assertThat(guard.look()).isFalse();
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "6s"));
    }

    @Test
    void aFileThatIsGoneMeanwhileIsNoMistake() throws IOException {
        Path file = install("test.one.cfg", "interval=5s");
        Files.delete(file);
        guard.update(file.toFile());
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void onlyCfgFilesAreHandled() {
        assertThat(guard.canHandle(folder.resolve("a.cfg").toFile())).isTrue();
        assertThat(guard.canHandle(folder.resolve("a.jar").toFile())).isFalse();
        assertThat(guard.canHandle(folder.resolve("cfg").toFile())).isFalse();
    }

    @Test
    void theLogIsHandedOnlyWhatItCanUse() throws IOException {
        catalogue = new Catalogue(List.of(new ShelfPart(shelf)
                .metatype(LogSettings.PID, "format", "level")
                .check(LogSettings.class)));
        install("org.ops4j.pax.logging.cfg", "format=JSON\nlevel=warn");
        assertThat(logged("format")).isEqualTo("json");
        assertThat(logged("level")).isEqualTo("warn");
        install("org.ops4j.pax.logging.cfg", "format=xml\nlevel=debug");
        assertThat(logged("format")).isEqualTo("json");
        assertThat(logged("level")).isEqualTo("warn");
        assertThat(guard.check().message()).contains("format=xml", "console, json");
        install("org.ops4j.pax.logging.cfg", "level=loud\nlimit.all=0");
        assertThat(guard.check().message()).contains("level=loud", "limit.all=0");
        Path file = install("org.ops4j.pax.logging.cfg", "level=info");
        assertThat(logged("format")).isNull();
        guard.uninstall(file.toFile());
        assertThat(logged("level")).isNull();
    }

    private static String logged(String key) {
        return System.getProperty(LogSettings.PROPERTY + key);
    }

    private Path install(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        guard.install(file.toFile());
        return file;
    }

    private void secret(String text) throws IOException {
        Path file = Files.writeString(shelf.resolve("proxy"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Map<String, String> values(String pid) {
        return inForce.values.get(new PidOfFile(pid, null));
    }
}
