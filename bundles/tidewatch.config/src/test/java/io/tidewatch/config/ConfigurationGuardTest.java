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
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                new LastGoodFiles(shelf.resolve("last-good")),
                new ChosenProfile(folder, null, new LastGoodFiles(shelf.resolve("last-good"))),
                now::get);
    }

    @Test
    void aGoodFileIsPutIntoForceAndItsEndToo() throws IOException {
        Path file = install("test.one.cfg", "interval=5s");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s"));
        assertThat(inForce.files).containsExactly(file.toUri().toString());
        assertThat(guard.check().status()).isEqualTo(Status.OK);
        assertThat(guard.check().details()).containsEntry("files", 1);
        Files.delete(file);
        guard.gone(file);
        assertThat(inForce.values).isEmpty();
        assertThat(guard.check().details()).containsEntry("files", 0);
    }

    @Test
    void anInstanceHasItsOwnConfiguration() throws IOException {
        catalogue = new Catalogue(
                List.of(new ShelfPart(shelf).factory("test.one", "pattern").check(TestCheck.class)));
        install("test.one-left.cfg", "interval=5s");
        install("test.one-right.cfg", "interval=6s");
        assertThat(inForce.values)
                .containsOnlyKeys(new PidOfFile("test.one", "left"), new PidOfFile("test.one", "right"));
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    /** A file without a name beside instances: Declarative Services would drop that one in silence. */
    @Test
    void instancesAreNotUsedBesideTheFileWithoutAName() throws IOException {
        catalogue = new Catalogue(
                List.of(new ShelfPart(shelf).factory("test.one", "pattern").check(TestCheck.class)));
        install("test.one-left.cfg", "interval=5s");
        install("test.one-right.cfg", "interval=6s");
        Path plain = install("test.one.cfg", "# nothing\n");
        assertThat(inForce.values).containsOnlyKeys(new PidOfFile("test.one", null));
        assertThat(String.valueOf(guard.check().details().get("problems")))
                .contains(
                        "test.one-left.cfg: is not used beside test.one.cfg; to have several, rename that file to"
                                + " test.one-<name>.cfg as well",
                        "test.one-right.cfg: is not used beside");
        install("test.one-left.cfg", "interval=7s");
        assertThat(inForce.values).containsOnlyKeys(new PidOfFile("test.one", null));
        Files.delete(plain);
        guard.gone(plain);
        assertThat(inForce.values)
                .isEqualTo(Map.of(
                        new PidOfFile("test.one", "left"), Map.of("interval", "7s"),
                        new PidOfFile("test.one", "right"), Map.of("interval", "6s")));
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void whatChangesIsNamedWithoutSecrets() {
        GuardedFile file = new GuardedFile(folder.resolve("test.one.cfg"));
        assertThat(changeTo(file, Map.of("interval", "10s", "low", "1"), Set.of()))
                .isEqualTo("interval default -> 10s, low default -> 1");
        assertThat(changeTo(file, Map.of("interval", "5s", "low", "1"), Set.of()))
                .isEqualTo("interval 10s -> 5s");
        assertThat(changeTo(file, Map.of("interval", "5s", "low", "1"), Set.of()))
                .isEmpty();
        assertThat(file.changeTo(Map.of("interval", "often", "low", "2"), Set.of("low"), Set::of))
                .as("a value that is refused, and so the default")
                .isEqualTo("interval 5s -> default, low 1 -> 2");
        assertThat(changeTo(file, Map.of("interval", "5s", "low", "1"), Set.of()))
                .isEqualTo("interval default -> 5s, low 2 -> 1");
        assertThat(changeTo(
                        file,
                        Map.of("proxy", "http://me:pw@host/a@b", "headers", "X-Key=pw", ".dotted", "pw"),
                        Set.of("headers")))
                .isEqualTo(".dotted changed, headers changed, interval 5s -> default, low 1 -> default,"
                        + " proxy default -> http://…@host/a@b");
        assertThat(changeTo(file, Map.of("a", "x\n" + "y".repeat(500)), Set.of("proxy", "headers")))
                .contains("a default -> x?yyy", "…", "headers changed", "proxy changed")
                .hasSizeLessThan(300)
                .doesNotContain("pw");
    }

    private static String changeTo(GuardedFile file, Map<String, String> written, Set<String> secret) {
        return file.changeTo(written, written.keySet(), () -> secret);
    }

    @Test
    void aMistakeKeepsTheLastGoodFileUntilItIsFixed() throws IOException {
        install("test.one.cfg", "interval=5s\nhigh=6");
        install("test.one.cfg", "interval=often\nhigh=9");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s", "high", "6"));
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(guard.check().message())
                .contains("test.one.cfg:1: invalid interval \"often\"")
                .endsWith(". Still using 5s; the other changes of the file wait until this is fixed");
        install("test.one.cfg", "interval=often\nhigh=6");
        assertThat(guard.check().message()).endsWith(". Still using 5s");
        install("test.one.cfg", "interval=5s\nhigh=6\nlow=-1");
        assertThat(guard.check().message()).contains("low").endsWith(". Still using the default");
        install("test.one.cfg", "interval=7s");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "7s"));
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aMistakeShowsNothingOfTheLastGoodSecret() throws IOException {
        install("test.one.cfg", "proxy=http://user:s3cret@host");
        install("test.one.cfg", "proxy=gopher://user:s3cret@host");
        assertThat(guard.check().message())
                .endsWith(". Still using the last good configuration")
                .doesNotContain("s3cret");
    }

    @Test
    void atTheFirstSightAMistakeIsLeftOut() throws IOException {
        install("test.one.cfg", "interval=often\nhigh=9");
        assertThat(values("test.one")).isEqualTo(Map.of("high", "9"));
        assertThat(guard.check().message()).contains("Using the default instead");
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
        assertThat(values("test.one"))
                .as("a key that nothing reads is not handed over")
                .isEqualTo(Map.of("high", "9"));
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(guard.check().message())
                .startsWith("2 problems, the first: test.one.cfg:1: intervall is no key")
                .doesNotContain("Still");
        assertThat(problems()).contains("did you mean interval?", "second time");
    }

    @Test
    void aFileForNobodyIsNamedWithinSecondsWhenTheAgentHasRunForAWhile() throws IOException {
        now.addAndGet(ConfigurationGuard.GRACE_AT_START.toNanos());
        install("test.on.cfg", "interval=5s");
        now.addAndGet(ConfigurationGuard.GRACE.toNanos());
        guard.look();
        assertThat(guard.check().message()).contains("did you mean test.one.cfg?");
    }

    @Test
    void aFileForNobodyIsNamedAfterAWhile() throws IOException {
        install("test.on.cfg", "interval=5s");
        assertThat(guard.check().status()).isEqualTo(Status.OK);
        guard.look();
        assertThat(guard.check().status()).isEqualTo(Status.OK);
        now.addAndGet(ConfigurationGuard.GRACE_AT_START.toNanos());
        guard.look();
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
        catalogue = with;
        guard.examineAll();
        guard.look();
        catalogue = new Catalogue(List.of());
        guard.examineAll();
        now.addAndGet(ConfigurationGuard.GRACE_AT_START.toNanos());
        guard.look();
        assertThat(guard.check().message()).contains("nothing is configured by test.one");
    }

    @Test
    void aFileOfCommentsIsForNobodyInPeace() throws IOException {
        install("nobody.cfg", "# interval=5s\n");
        now.addAndGet(ConfigurationGuard.GRACE_AT_START.toNanos());
        guard.look();
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aManagedServiceOwnsItsPid() throws IOException {
        managed = "some.library";
        install("some.library.cfg", "key=value");
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
        assertThat(guard.check().message()).contains("invalid interval \"often\"");
        now.addAndGet(ConfigurationGuard.GRACE_AT_START.toNanos());
        guard.look();
        assertThat(guard.check().message()).doesNotContain("nothing is configured");
    }

    @Test
    void aSecretIsReadAgainWhenItChanges() throws IOException {
        secret("http://one");
        install("test.one.cfg", "proxy=${secret:proxy}");
        assertThat(values("test.one")).isEqualTo(Map.of("proxy", "http://one"));
        guard.look();
        secret("http://three");
        guard.look();
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
        guard.examine(file);
        assertThat(guard.check().message()).contains("test.one.cfg: cannot be read", "last good");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s"));
        guard.look();
        Files.delete(file);
        Files.writeString(file, "interval=6s");
        guard.look();
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "6s"));
    }

    @Test
    void aFileThatIsGoneMeanwhileIsNoMistake() throws IOException {
        Path file = install("test.one.cfg", "interval=5s");
        Files.delete(file);
        guard.examine(file);
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    /** Case C07: a power cut leaves a file of no bytes, or of zeros. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \r\n\t", "\0\0\0\0"})
    void anEmptiedFileKeepsTheLastGoodValuesAcrossRestarts(String left) throws IOException {
        install("test.one.cfg", "interval=5s");
        install("test.one.cfg", left);
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s"));
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(guard.check().message())
                .contains("test.one.cfg: is empty", "Still using the last good configuration");

        inForce.values.clear();
        guard = guard();
        install("test.one.cfg", left);
        assertThat(values("test.one")).as("after a restart").isEqualTo(Map.of("interval", "5s"));
        assertThat(guard.check().message()).contains("is empty", "Still using the last good configuration");

        install("test.one.cfg", "# defaults, on purpose\n");
        assertThat(values("test.one")).isEmpty();
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void anEmptyFileThatNeverWasOtherwiseIsNamedToo() throws IOException {
        install("test.one.cfg", "");
        assertThat(values("test.one")).isEmpty();
        assertThat(guard.check().message()).contains("is empty", "Using the default instead");
    }

    @Test
    void aFileThatIsRemovedOnPurposeIsNotKept() throws IOException {
        Path file = install("test.one.cfg", "interval=5s");
        assertThat(shelf.resolve("last-good/test.one.cfg")).hasContent("interval=5s");
        Files.delete(file);
        guard.gone(file);
        install("test.one.cfg", "");
        assertThat(values("test.one")).isEmpty();
    }

    /** Case C08: copies beside the original, by people and by programs. */
    @ParameterizedTest
    @ValueSource(strings = {"test.one-old.cfg", "test.one-bak.cfg", "test.one~1.cfg", "test.one-2024.cfg"})
    void aCopyIsRefusedByName(String copy) throws IOException {
        install("test.one.cfg", "interval=5s");
        for (String content : List.of("interval=9s", "# nothing\n", "")) {
            install(copy, content);
            assertThat(inForce.values).isEqualTo(Map.of(new PidOfFile("test.one", null), Map.of("interval", "5s")));
            assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
            assertThat(guard.check().message())
                    .contains(copy + ": is not used, as test.one has one configuration", "test.one.cfg");
        }
        Path file = folder.resolve(copy);
        Files.delete(file);
        guard.gone(file);
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aCopyThatIsReadFirstDoesNotWin() throws IOException {
        install("test.one-lte.cfg", "interval=9s");
        install("test.one-wifi.cfg", "interval=8s");
        install("test.one.cfg", "interval=5s");
        assertThat(inForce.values).isEqualTo(Map.of(new PidOfFile("test.one", null), Map.of("interval", "5s")));
        assertThat(String.valueOf(guard.check().details().get("problems")))
                .contains("test.one-lte.cfg: is not used", "test.one-wifi.cfg: is not used");
    }

    @Test
    void aCopyWhoseBundleComesLaterIsTakenBack() throws IOException {
        Catalogue with = catalogue;
        catalogue = new Catalogue(List.of());
        install("test.one-old.cfg", "interval=9s");
        assertThat(inForce.values).containsOnlyKeys(new PidOfFile("test.one", "old"));
        catalogue = with;
        guard.examineAll();
        assertThat(inForce.values).isEmpty();
        assertThat(guard.check().message()).contains("test.one-old.cfg: is not used");
    }

    /** Case X2: what a collector is called is not for its file to say. */
    @Test
    void whatIdentifiesAComponentIsNotHandedOver() throws IOException {
        install("test.one.cfg", "interval=1s\ncollector.name=foo\nservice.pid=x\nservice.ranking=5\n");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "1s", "service.ranking", "5"));
        assertThat(guard.check().message()).contains("collector.name is no key of test.one and has no effect");

        catalogue = new Catalogue(List.of(new ShelfPart(shelf).component("name='test.bare'")));
        install("test.bare.cfg", "anything=1\ncollector.name=foo\ncomponent.name=y\n");
        assertThat(values("test.bare")).isEqualTo(Map.of("anything", "1"));
    }

    @Test
    @Tag("slow")
    void aCheckThatThrowsOrHangsIsNamedAndStopsNothing() throws Exception {
        for (Class<?> hostile :
                List.of(HostileChecks.Throwing.class, HostileChecks.Overflowing.class, HostileChecks.Sleeping.class)) {
            catalogue = new Catalogue(List.of(new ShelfPart(shelf)
                    .metatype("test.one", "pattern")
                    .check(hostile)
                    .check(TestCheck.class)));
            Thread examining = new Thread(() -> guard.examineAll());
            examining.start();
            while (examining.isAlive()) {
                assertThat(guard.check()).as("health is not kept waiting").isNotNull();
                examining.join(1);
            }
            install("test.one.cfg", "interval=5s");
            assertThat(values("test.one")).as(hostile.getName()).isEqualTo(Map.of("interval", "5s"));
            install("test.one.cfg", "interval=often");
            assertThat(problems())
                    .contains("invalid interval \"often\"")
                    .contains(hostile.getName() + " of shelf")
                    .containsAnyOf("which fails: ", "which does not answer within 5 s", "unchecked, as ");
            install("test.one.cfg", "interval=6s");
            assertThat(values("test.one")).isEqualTo(Map.of("interval", "6s"));

            catalogue = new Catalogue(
                    List.of(new ShelfPart(shelf).metatype("test.one", "pattern").check(TestCheck.class)));
            guard.examineAll();
            assertThat(guard.check().status()).as("without it").isEqualTo(Status.OK);
        }
    }

    @Test
    void aProblemOfTheFolderIsNamedAndChangesNothing() throws IOException {
        install("test.one.cfg", "interval=5s");
        guard.reportOfFolder(List.of("mine.jar: move it"));
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(guard.check().message()).isEqualTo("mine.jar: move it");
        assertThat(values("test.one")).isEqualTo(Map.of("interval", "5s"));
        guard.reportOfFolder(List.of());
        assertThat(guard.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void theLogIsHandedOnlyWhatItCanUse() throws IOException {
        catalogue = new Catalogue(List.of(new ShelfPart(shelf)
                .metatype(LogSettings.PID, "format", "level", "limit.all")
                .check(LogSettings.class)));
        install("org.ops4j.pax.logging.cfg", "format=JSON\nlevel=warn");
        assertThat(logged("format")).isEqualTo("json");
        assertThat(logged("level")).isEqualTo("warn");
        install("org.ops4j.pax.logging.cfg", "format=xml\nlevel=debug");
        assertThat(logged("format")).isEqualTo("json");
        assertThat(logged("level")).isEqualTo("warn");
        assertThat(guard.check().message()).contains("invalid format \"xml\" (expected console, json)");
        install("org.ops4j.pax.logging.cfg", "level=loud\nlimit.all=0");
        assertThat(guard.check().details().get("problems").toString())
                .contains("invalid level \"loud\"", "invalid limit.all \"0\"");
        Path file = install("org.ops4j.pax.logging.cfg", "level=info");
        assertThat(logged("format")).isNull();
        guard.gone(file);
        assertThat(logged("level")).isNull();
    }

    private static String logged(String key) {
        return System.getProperty(LogSettings.PROPERTY + key);
    }

    private Path install(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        guard.examine(file);
        return file;
    }

    private void secret(String text) throws IOException {
        Path file = Files.writeString(shelf.resolve("proxy"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Map<String, String> values(String pid) {
        return inForce.values.get(new PidOfFile(pid, null));
    }

    private String problems() {
        return String.valueOf(guard.check().details().get("problems"));
    }
}
