package io.tidewatch.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.deploy.TestBundles.Behaviour;
import io.tidewatch.testing.config.OddFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/** The folder on a real framework. */
class DeployFolderTest {
    @TempDir
    Path temporary;

    /** How many times from now on the system has no thread left. */
    private final AtomicInteger refusals = new AtomicInteger();

    /** What it has none for; empty for everything. */
    private String refusedCall = "";

    private TestBundles bundles;
    private DeployFolder folder;

    @BeforeEach
    void start() throws Exception {
        bundles = new TestBundles(temporary);
        bundles.builtIn("tidewatch.part", "1.0.0");
        folder = new DeployFolder(bundles.folder(), new Installation(bundles.context(), this::begin));
        folder.look(true);
    }

    @AfterEach
    void stop() throws Exception {
        bundles.close();
    }

    @Test
    void aJarComesIsReplacedAndGoes() throws Exception {
        bundles.drop("gps.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(bundles.bundle("com.example.gps").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.check().status()).isEqualTo(Status.OK);
        assertThat(jar("gps.jar"))
                .isEqualTo(Map.of("bundle", "com.example.gps", "version", "1.0.0", "state", "active"));

        bundles.drop("gps.jar", "com.example.gps", "1.1.0", Behaviour.WORKS);
        look();
        assertThat(bundles.bundle("com.example.gps").getVersion()).hasToString("1.1.0");

        Files.delete(bundles.folder().resolve("gps.jar"));
        look();
        assertThat(bundles.bundle("com.example.gps")).isNull();
        assertThat(folder.check().message()).contains("no jar in");
    }

    /** This bundle is refreshed with the API. */
    @Test
    void whatRunsAlreadyRunsOnWhenTheFolderIsWatchedAnew() throws Exception {
        bundles.drop("gps.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        look();
        Bundle gps = bundles.bundle("com.example.gps");
        long modified = gps.getLastModified();

        folder = new DeployFolder(bundles.folder(), new Installation(bundles.context(), this::begin));
        folder.look(true);
        assertThat(gps.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(gps.getLastModified()).isEqualTo(modified);
        assertThat(folder.check().status()).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @EnumSource(OddFile.class)
    void whatIsNoFileIsNamedAndTheOthersWork(OddFile odd) throws Exception {
        Path file = odd.make(bundles.folder().resolve("radio.jar"));
        bundles.drop("gps.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(folder.check().message())
                .isEqualTo("radio.jar: it cannot be read (" + odd.reason() + "); copy it again");
        assertThat(bundles.bundle("com.example.gps").getState()).isEqualTo(Bundle.ACTIVE);

        Files.delete(file);
        bundles.drop("radio.jar", "com.example.radio", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(folder.check().status()).isEqualTo(Status.OK);
        assertThat(bundles.bundle("com.example.radio").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void aJarThatIsStillWrittenIsNotTouched() throws Exception {
        bundles.drop("gps.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        folder.look(false);
        assertThat(bundles.bundle("com.example.gps")).isNull();
        Files.write(bundles.folder().resolve("gps.jar"), new byte[100], StandardOpenOption.APPEND);
        folder.look(false);
        assertThat(bundles.bundle("com.example.gps")).isNull();
        folder.look(false);
        assertThat(bundles.bundle("com.example.gps")).isNotNull();
    }

    /** A copy that keeps times, of a jar that happens to be as large. */
    @Test
    void aJarOfTheSameSizeAndTimeIsSeen() throws Exception {
        Path jar = bundles.drop("gps.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        FileTime time = Files.getLastModifiedTime(jar);
        look();
        Path other = bundles.drop(".other", "com.example.gps", "1.0.1", Behaviour.WORKS);
        assertThat(Files.size(other)).isEqualTo(Files.size(jar));
        Files.setLastModifiedTime(other, time);
        Files.move(other, jar, StandardCopyOption.ATOMIC_MOVE);
        look();
        assertThat(bundles.bundle("com.example.gps").getVersion()).hasToString("1.0.1");
    }

    /** What a jar does in its start, and how it is named; the jar beside it works. */
    @ParameterizedTest
    @EnumSource(names = {"THROWS", "THROWS_AN_ERROR", "RUNS_OUT_OF_STACK"})
    void aJarThatFailsInItsStartIsNamedAndTheOthersWork(Behaviour behaviour) throws Exception {
        bundles.drop("bad.jar", "com.example.bad", "1.0.0", behaviour);
        bundles.drop("good.jar", "com.example.good", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(bundles.bundle("com.example.good").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(folder.check().message())
                .startsWith("bad.jar: it was installed and did not start: " + behaviour.thrown())
                .doesNotContain("good.jar");
        Files.delete(bundles.folder().resolve("bad.jar"));
        look();
        assertThat(folder.check().status()).isEqualTo(Status.OK);
    }

    @Test
    @Tag("slow")
    void aJarThatHangsInItsStartKeepsNoOtherWaiting() throws Exception {
        bundles.drop("hangs.jar", "com.example.hangs", "1.0.0", Behaviour.HANGS);
        look();
        bundles.drop("late.jar", "com.example.late", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(bundles.bundle("com.example.late").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.check().message()).startsWith("hangs.jar: it does not return from its start for ");
    }

    @ParameterizedTest
    @EnumSource(names = {"HANGS", "HANGS_FOR_GOOD"})
    @Tag("slow")
    void aJarThatHangsInItsStartIsRemovedAndTheFolderIsStillWatched(Behaviour behaviour) throws Exception {
        bundles.drop("hangs.jar", "com.example.hangs", "1.0.0", behaviour);
        look();
        Files.delete(bundles.folder().resolve("hangs.jar"));
        look();
        bundles.drop("late.jar", "com.example.late", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(bundles.bundle("com.example.late").getState()).isEqualTo(Bundle.ACTIVE);
        if (behaviour == Behaviour.HANGS) {
            assertThat(folder.check().status()).isEqualTo(Status.OK);
        } else {
            assertThat(folder.check().message()).contains("hangs.jar is gone and left 1 threads running");
        }
    }

    @Test
    void aJarThatLeavesThreadsIsNamedWithTheirNumberAndTheyEndWithIt() throws Exception {
        bundles.drop("crowd.jar", "com.example.crowd", "1.0.0", Behaviour.LEAVES_THREADS);
        look();
        assertThat(crowd()).isEqualTo(20);
        assertThat(folder.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(folder.check().message()).contains("crowd.jar: it runs 20 threads");
        assertThat(bundles.bundle("com.example.crowd").getState()).isEqualTo(Bundle.ACTIVE);

        Files.delete(bundles.folder().resolve("crowd.jar"));
        awaitOk();
        assertThat(crowd()).isZero();
    }

    /** They could be all that the service may have (TasksMax), and no pass of any collector would be made. */
    @Test
    void aJarThatLeavesTooManyThreadsIsStoppedUntilItIsReplaced() throws Exception {
        bundles.drop("crowd.jar", "com.example.crowd", "1.0.0", Behaviour.LEAVES_TOO_MANY_THREADS);
        look();
        awaitNoCrowd();
        look();
        assertThat(folder.check().message())
                .startsWith("crowd.jar: it ran 1000 threads, which the agent needs for its own work (TasksMax), and was"
                        + " stopped; have it start 8 at most");
        assertThat(bundles.bundle("com.example.crowd").getState()).isEqualTo(Bundle.RESOLVED);
        assertThat(bundles.bundle("com.example.crowd")
                        .adapt(BundleStartLevel.class)
                        .isPersistentlyStarted())
                .as("the health of bundles does not miss it")
                .isFalse();

        bundles.drop("crowd.jar", "com.example.crowd", "1.0.1", Behaviour.WORKS);
        look();
        assertThat(folder.check().status()).isEqualTo(Status.OK);
        assertThat(bundles.bundle("com.example.crowd").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void aJarThatCouldNotBeStoppedForLackOfAThreadIsNotSaidToBe() throws Exception {
        refusedCall = "stop";
        refusals.set(1);
        bundles.drop("crowd.jar", "com.example.crowd", "1.0.0", Behaviour.LEAVES_TOO_MANY_THREADS);
        look();
        awaitNoCrowd();
        boolean stopped = bundles.bundle("com.example.crowd").getState() != Bundle.ACTIVE;
        assertThat(folder.check().message().contains("was stopped")).isEqualTo(stopped);
    }

    @Test
    void threadsOfAStartInVainEnd() throws Exception {
        bundles.drop("crowd.jar", "com.example.crowd", "1.0.0", Behaviour.LEAVES_THREADS_AND_THROWS);
        look();
        awaitNoCrowd();
        assertThat(folder.check().message()).startsWith("crowd.jar: it was installed and did not start: ");
        Files.delete(bundles.folder().resolve("crowd.jar"));
        awaitOk();
    }

    /** As if another program had them all: nothing of a jar can be run. */
    @Test
    void withoutThreadsJarsComeChangeAndGoWhenThereAreSomeAgain() throws Exception {
        bundles.drop("gone.jar", "com.example.gone", "1.0.0", Behaviour.WORKS);
        bundles.drop("newer.jar", "com.example.newer", "1.0.0", Behaviour.WORKS);
        bundles.drop("part.jar", "tidewatch.part", "1.0.1", Behaviour.WORKS);
        look();
        refusals.set(Integer.MAX_VALUE);
        Files.delete(bundles.folder().resolve("gone.jar"));
        Files.delete(bundles.folder().resolve("part.jar"));
        bundles.drop("newer.jar", "com.example.newer", "1.0.1", Behaviour.WORKS);
        bundles.drop("late.jar", "com.example.late", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(folder.check().message())
                .contains(
                        "gone.jar is gone and its bundle could not be removed; it is tried again",
                        "the built-in tidewatch.part does not run and could not be restored (no thread could be started"
                                + " for its update (unable to create native thread)); it is tried again",
                        "late.jar: it was installed and did not start: no thread could be started for its start",
                        "newer.jar: it cannot be installed (no thread could be started for its update");

        refusals.set(0);
        awaitOk();
        assertThat(bundles.bundle("com.example.gone")).isNull();
        assertThat(bundles.bundle("com.example.late").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(bundles.bundle("com.example.newer").getVersion()).hasToString("1.0.1");
        assertThat(bundles.bundle("tidewatch.part").getVersion()).hasToString("1.0.0");
        assertThat(bundles.bundle("tidewatch.part").getState()).isEqualTo(Bundle.ACTIVE);
    }

    /** Its own threads are what has taken all. */
    @Test
    void aJarWhoseThreadsAreInTheWayOfItsRemovalIsRemovedAtOnce() throws Exception {
        bundles.drop("crowd.jar", "com.example.crowd", "1.0.0", Behaviour.LEAVES_THREADS);
        look();
        refusals.set(1);
        Files.delete(bundles.folder().resolve("crowd.jar"));
        folder.look(false);
        assertThat(bundles.bundle("com.example.crowd")).isNull();
        assertThat(crowd()).isZero();
    }

    @Test
    void threadsThatDoNotEndAreNamedAfterTheirJar() throws Exception {
        bundles.drop("stubborn.jar", "com.example.stubborn", "1.0.0", Behaviour.LEAVES_A_STUBBORN_THREAD);
        look();
        assertThat(folder.check().status()).isEqualTo(Status.OK);
        Files.delete(bundles.folder().resolve("stubborn.jar"));
        look();
        assertThat(folder.check().message())
                .contains("stubborn.jar is gone and left 1 threads running, such as 'stubborn'; restart the agent");
        TestBundles.release();
        await().untilAsserted(() -> {
            look();
            assertThat(folder.check().status()).isEqualTo(Status.OK);
        });
    }

    @Test
    void aJarThatLacksAPackageStartsWhenThatComes() throws Exception {
        bundles.drop(
                "gps.jar", "com.example.gps", "1.0.0", Behaviour.WORKS, "Import-Package", "org.osgi.framework,lib");
        look();
        assertThat(folder.check().message()).contains("gps.jar: it needs what no bundle offers: package");
        bundles.drop("lib.jar", "com.example.lib", "1.0.0", Behaviour.WORKS, "Export-Package", "lib");
        look();
        look();
        assertThat(folder.check().status()).as(folder.check().message()).isEqualTo(Status.OK);
        assertThat(bundles.bundle("com.example.gps").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void ofTwoJarsOfOneNameAndVersionOneIsNamed() throws Exception {
        bundles.drop("a.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        look();
        bundles.drop("b.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(folder.check().message())
                .isEqualTo("b.jar: another jar has a bundle of the same name and version;" + " remove one of them");
        Files.delete(bundles.folder().resolve("a.jar"));
        look();
        assertThat(folder.check().status()).as("the other one is used").isEqualTo(Status.OK);
        assertThat(bundles.bundle("com.example.gps").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void whatIsHeldBackIsNotInstalledUntilItIsNotAnyMore() throws Exception {
        Path jar = bundles.folder().resolve("gps.jar");
        bundles.hold(jar.toFile().toURI().toString());
        bundles.drop("gps.jar", "com.example.gps", "1.0.0", Behaviour.WORKS);
        look();
        assertThat(bundles.bundle("com.example.gps")).isNull();
        assertThat(folder.check().message()).startsWith("gps.jar: quarantined, as the agent ended again and again");
        bundles.holdNothing();
        look();
        assertThat(bundles.bundle("com.example.gps").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.check().status()).isEqualTo(Status.OK);
    }

    /** Case X1: a configuration is where configurations are. */
    @Test
    void aConfigurationInTheFolderIsNamed() throws IOException {
        Path stray = Files.writeString(bundles.folder().resolve("tidewatch.collector.disk.cfg"), "interval = 7s");
        look();
        assertThat(folder.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(folder.check().message())
                .isEqualTo(
                        "tidewatch.collector.disk.cfg: no configuration is read from the deploy folder; move it to the"
                                + " configuration folder");
        Files.delete(stray);
        look();
        assertThat(folder.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aHigherVersionTakesThePlaceOfABuiltInWhichResumesWithoutIt() throws Exception {
        Bundle builtIn = bundles.bundle("tidewatch.part");
        bundles.drop("part.jar", "tidewatch.part", "1.0.1", Behaviour.WORKS);
        look();
        assertThat(bundles.bundle("tidewatch.part")).as("the same bundle").isSameAs(builtIn);
        assertThat(builtIn.getVersion()).hasToString("1.0.1");
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(jar("part.jar")).containsEntry("state", "in place of the built-in, on trial");

        bundles.drop("part.jar", "tidewatch.part", "1.0.2", Behaviour.WORKS);
        look();
        assertThat(builtIn.getVersion()).as("a newer one").hasToString("1.0.2");

        Files.delete(bundles.folder().resolve("part.jar"));
        look();
        assertThat(builtIn.getVersion()).hasToString("1.0.0");
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.check().status()).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @EnumSource(names = {"THROWS", "THROWS_AN_ERROR"})
    void aHigherVersionThatDoesNotStartIsRolledBackByItself(Behaviour behaviour) throws Exception {
        Bundle builtIn = bundles.bundle("tidewatch.part");
        bundles.drop("part.jar", "tidewatch.part", "1.0.1", behaviour);
        look();
        assertThat(builtIn.getVersion()).hasToString("1.0.0");
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.check().message())
                .startsWith("part.jar: it does not work in the place of the built-in tidewatch.part, which runs: ")
                .contains(behaviour.thrown());
        assertThat(jar("part.jar")).containsEntry("state", "rolled back");
        look();
        assertThat(builtIn.getVersion()).as("not tried again").hasToString("1.0.0");

        bundles.drop("part.jar", "tidewatch.part", "1.0.2", Behaviour.WORKS);
        look();
        assertThat(builtIn.getVersion()).as("until it is replaced").hasToString("1.0.2");
        assertThat(folder.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aHigherVersionThatLacksSomethingDoesNotEvenStopTheBuiltIn() throws Exception {
        Bundle builtIn = bundles.bundle("tidewatch.part");
        long modified = builtIn.getLastModified();
        bundles.drop(
                "part.jar",
                "tidewatch.part",
                "1.0.1",
                Behaviour.WORKS,
                "Import-Package",
                "org.osgi.framework,io.tidewatch.api.collector;version=\"[0.1,0.2)\"");
        look();
        assertThat(builtIn.getLastModified()).isEqualTo(modified);
        assertThat(folder.check().message()).contains("it needs what no bundle offers: package", "io.tidewatch.api");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9.0", "1.0.0"})
    void anotherVersionNeverTouchesTheBuiltIn(String version) throws Exception {
        Bundle builtIn = bundles.bundle("tidewatch.part");
        long modified = builtIn.getLastModified();
        bundles.drop("part.jar", "tidewatch.part", version, Behaviour.WORKS);
        look();
        Files.delete(bundles.folder().resolve("part.jar"));
        look();
        assertThat(builtIn.getLastModified()).isEqualTo(modified);
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void aHigherVersionWithTooManyThreadsIsRolledBack() throws Exception {
        Bundle builtIn = bundles.bundle("tidewatch.part");
        bundles.drop("part.jar", "tidewatch.part", "1.0.1", Behaviour.LEAVES_TOO_MANY_THREADS);
        look();
        assertThat(builtIn.getVersion()).hasToString("1.0.0");
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(folder.check().message())
                .startsWith("part.jar: it does not work in the place of the built-in tidewatch.part, which runs: it ran"
                        + " 1000 threads");
        awaitNoCrowd();
    }

    @Test
    @Tag("slow")
    void aHigherVersionThatHasTooManyThreadsInTheEndIsRolledBack() throws Exception {
        Bundle builtIn = bundles.bundle("tidewatch.part");
        bundles.drop("part.jar", "tidewatch.part", "1.0.1", Behaviour.LEAVES_TOO_MANY_THREADS_WHEN_RELEASED);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            look();
            assertThat(jar("part.jar")).containsEntry("state", "in place of the built-in");
        });
        TestBundles.release();
        await().untilAsserted(() -> {
            look();
            assertThat(jar("part.jar")).containsEntry("state", "rolled back");
        });
        assertThat(builtIn.getVersion()).hasToString("1.0.0");
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
        awaitNoCrowd();
    }

    private void begin(Thread thread) {
        if (thread.getName().endsWith(refusedCall) && refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        thread.start();
    }

    private void awaitOk() {
        await().untilAsserted(() -> {
            look();
            assertThat(folder.check().status()).as(folder.check().message()).isEqualTo(Status.OK);
        });
    }

    private void awaitNoCrowd() {
        await().until(() -> {
            look();
            return crowd() == 0;
        });
    }

    /** Two looks: at the first a change is seen, at the second it has settled. */
    private void look() {
        folder.look(false);
        folder.look(false);
    }

    private Map<String, String> jar(String name) {
        Health health = folder.check();
        Map<String, String> details = new TreeMap<>();
        ((Map<?, ?>) ((Map<?, ?>) health.details().get("jars")).get(name))
                .forEach((key, value) -> details.put(String.valueOf(key), String.valueOf(value)));
        return details;
    }

    /** How many threads there are of jars that leave many, with the one that makes them. */
    private static long crowd() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Set.of("crowd", "late").contains(thread.getName()))
                .count();
    }
}
