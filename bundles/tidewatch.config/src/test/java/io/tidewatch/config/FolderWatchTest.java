package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.config.FolderHealth;
import io.tidewatch.api.health.Status;
import io.tidewatch.testing.config.OddFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FolderWatchTest {
    @TempDir
    Path folder;

    @TempDir
    Path shelf;

    private final Map<String, Map<String, String>> inForce = new ConcurrentHashMap<>();
    private final AtomicInteger withdrawn = new AtomicInteger();

    @TempDir
    Path home;

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger inVain = new AtomicInteger();
    private volatile boolean refreshing;
    private volatile boolean withoutThreads;
    private final AtomicLong nanoTime = new AtomicLong();
    private volatile CountDownLatch answer = new CountDownLatch(0);
    private volatile boolean held;
    private ConfigurationGuard guard;
    private FolderHealth health;
    private FolderWatch watch;

    @BeforeEach
    void make() throws IOException {
        Catalogue catalogue = new Catalogue(
                List.of(new ShelfPart(shelf).metatype("test.one", "pattern").check(TestCheck.class)), this::begin);
        LastGoodFiles lastGood = new LastGoodFiles(shelf.resolve("last-good"));
        ChosenProfile profile = new ChosenProfile(folder, home.toString(), lastGood);
        guard = new ConfigurationGuard(
                new InForce() {
                    @Override
                    public boolean exists(PidOfFile pid) {
                        return inForce.containsKey(pid.pid());
                    }

                    @Override
                    public void put(PidOfFile pid, Map<String, String> values, String file) {
                        inForce.put(pid.pid(), values);
                    }

                    @Override
                    public void delete(PidOfFile pid) {
                        withdrawn.incrementAndGet();
                        inForce.remove(pid.pid());
                    }
                },
                () -> {
                    if (refreshing) {
                        inVain.incrementAndGet();
                        throw new IllegalStateException("a bundle is refreshed");
                    }
                    return catalogue;
                },
                pid -> false,
                new Placeholders(Map.of(), name -> null, new SecretFolders(shelf, null)),
                lastGood,
                profile,
                System::nanoTime);
        health = new FolderHealth(folder, guard, nanoTime::get);
        watch = new FolderWatch(folder, guard, profile, health, this::rarely, Duration.ofMillis(5));
    }

    private void rarely() {
        CountDownLatch awaited = answer;
        held = awaited.getCount() > 0;
        try {
            awaited.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        looks.incrementAndGet();
    }

    @AfterEach
    void close() {
        answer.countDown();
        watch.close();
    }

    @Test
    void everyFileIsReadBeforeTheStartReturns() throws IOException {
        write("interval=5s");
        Files.writeString(folder.resolve(".test.one.cfg"), "interval=6s");
        watch.start();
        assertThat(inForce).isEqualTo(Map.of("test.one", Map.of("interval", "5s")));
    }

    @Test
    void filesComeChangeAndGo() throws IOException {
        watch.start();
        write("interval=5s");
        awaitInterval("5s");
        write("interval=60s");
        awaitInterval("60s");
        Files.delete(folder.resolve("test.one.cfg"));
        await().until(inForce::isEmpty);
    }

    @Test
    void aLookThatDoesNotReturnIsNamedAndThenGoesOn() throws IOException {
        watch.start();
        answer = new CountDownLatch(1);
        await().until(() -> held);
        nanoTime.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(health.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(health.check().message()).startsWith("a look at " + folder + " has not returned for 31 s");

        answer.countDown();
        write("interval=5s");
        awaitInterval("5s");
        await().until(() -> health.check().status() == Status.OK);
    }

    /** An editor, rsync --times or a restore may leave both as they were. */
    @Test
    void anEditThatKeepsSizeAndTimeIsSeen() throws IOException {
        Path file = write("interval=5s");
        FileTime time = Files.getLastModifiedTime(file);
        watch.start();
        for (String text : List.of("interval=6s", "interval=7s")) {
            Files.writeString(file, text, StandardOpenOption.WRITE);
            Files.setLastModifiedTime(file, time);
            awaitInterval(text.substring("interval=".length()));
        }
        Path other = Files.writeString(folder.resolve("new"), "interval=8s");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        awaitInterval("8s");
    }

    @Test
    void aFolderThatGoesAndComesBackLosesNothing() throws IOException {
        write("interval=5s");
        watch.start();
        Path away = folder.resolveSibling(folder.getFileName() + "-away");
        Files.move(folder, away);
        await().until(() -> guard.check().status() == Status.DEGRADED);
        assertThat(guard.check().message())
                .startsWith("the folder " + folder + " cannot be read (")
                .endsWith("the last good configuration stays in force");
        assertThat(inForce).containsKey("test.one");
        Files.move(away, folder);
        await().until(() -> guard.check().status() == Status.OK);
        write("interval=6s");
        awaitInterval("6s");
    }

    @ParameterizedTest
    @EnumSource(OddFile.class)
    void whatIsNoFileIsNamedAndKeepsNoOtherWaiting(OddFile odd) throws Exception {
        Path file = odd.make(folder.resolve("test.one.cfg"));
        Files.writeString(folder.resolve("test.two.cfg"), "interval=1s");
        watch.start();
        assertThat(guard.check().message())
                .startsWith("test.one.cfg: cannot be read (" + odd.reason() + "); put a readable file in its place");
        assertThat(inForce).containsKey("test.two");

        Files.delete(file);
        write("interval=5s");
        awaitInterval("5s");
        Files.delete(folder.resolve("test.two.cfg"));
        await().until(() -> guard.check().status() == Status.OK);

        // The values stay while it is in place of a file that was read.
        Path link = Files.createSymbolicLink(folder.resolve("link"), odd.make(folder.resolve("odd")));
        Files.move(link, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        await().until(() -> guard.check().message().contains(odd.reason()));
        assertThat(inForce.get("test.one")).containsEntry("interval", "5s");
        Files.delete(file);
        write("interval=6s");
        awaitInterval("6s");
        await().until(() -> guard.check().status() == Status.OK);
    }

    @ParameterizedTest
    @EnumSource(OddFile.class)
    void aProfileThatIsNoFileIsNamedAndKeepsNothingWaiting(OddFile odd) throws Exception {
        Path file = odd.make(folder.resolve(Profile.FILE));
        write("interval=5s");
        watch.start();

        assertThat(guard.check().message()).startsWith("profile: cannot be read (");
        awaitInterval("5s");
        Files.delete(file);
        await().until(() -> guard.check().status() == Status.OK);
    }

    @Test
    void aFileThatIsLongerThanAnyConfigurationIsNotRead() throws IOException {
        write("interval=5s\n" + "#".repeat(1 << 20));
        watch.start();

        assertThat(guard.check().message())
                .startsWith("test.one.cfg: cannot be read (it is longer than 1048576 bytes)");
        write("interval=5s");
        awaitInterval("5s");
    }

    @Test
    void aJarIsNamedWhileItIsThere() throws IOException {
        watch.start();
        Path jar = Files.writeString(folder.resolve("mine.jar"), "x");
        await().until(
                        () -> guard.check()
                                .message()
                                .equals(
                                        "mine.jar: jars are not installed from the configuration folder; move it to the deploy folder"));
        Files.delete(jar);
        await().until(() -> guard.check().status() == Status.OK);
    }

    @Test
    void everythingIsExaminedAnewOnRequest() throws IOException {
        write("interval=5s");
        watch.start();
        inForce.clear();
        watch.reexamine();
        awaitInterval("5s");
    }

    /** The framework reads nothing of a bundle while it is refreshed. */
    @Test
    void aBundleThatCannotBeReadNowCostsNoChange() throws IOException {
        write("interval=5s");
        watch.start();
        refreshing = true;
        write("interval=60s");
        watch.reexamine();
        await().until(() -> inVain.get() > 1);
        assertThat(guard.check().message())
                .isEqualTo(
                        "the configuration cannot be examined (java.lang.IllegalStateException: a bundle is refreshed);"
                                + " the last good values stay in force, and it is examined again every second");
        refreshing = false;
        awaitInterval("60s");
        await().until(() -> guard.check().status() == Status.OK);
        write("interval=7s");
        awaitInterval("7s");
    }

    /** Another program, or a jar, may have all that the service may have. */
    @Test
    void withoutAThreadForTheChecksTheLastGoodValuesStayUntilThereIsOne() throws IOException {
        write("interval=5s");
        watch.start();
        withoutThreads = true;
        write("interval=often");
        await().until(() -> inVain.get() > 1);
        assertThat(guard.check().message())
                .isEqualTo("the configuration cannot be examined (java.lang.OutOfMemoryError: unable to create native"
                        + " thread; the machine or the service's limits (TasksMax, MemoryMax) are exhausted); the last"
                        + " good values stay in force, and it is examined again every second");
        assertThat(inForce.get("test.one")).containsEntry("interval", "5s");

        withoutThreads = false;
        await().until(() -> guard.check().message().contains("often"));
        write("interval=7s");
        awaitInterval("7s");
        await().until(() -> guard.check().status() == Status.OK);
    }

    private void begin(Thread thread) {
        if (withoutThreads) {
            inVain.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread");
        }
        thread.start();
    }

    @Test
    void aProfileComesAndGoes() throws IOException {
        ProfileShelf.put(home, "fast", "test.one.cfg", "interval=1s\npattern=x\n");
        watch.start();
        assertThat(inForce).isEmpty();
        Files.writeString(folder.resolve("profile"), "fast\n");
        await().until(() -> Map.of("interval", "1s", "pattern", "x").equals(inForce.get("test.one")));
        write("interval=5s");
        await().until(() -> Map.of("interval", "5s", "pattern", "x").equals(inForce.get("test.one")));
        Files.delete(folder.resolve("profile"));
        awaitInterval("5s");
        Files.writeString(folder.resolve("profile"), "fast\n");
        await().until(() -> Map.of("interval", "5s", "pattern", "x").equals(inForce.get("test.one")));
        Files.delete(folder.resolve("test.one.cfg"));
        await().until(() -> Map.of("interval", "1s", "pattern", "x").equals(inForce.get("test.one")));
        Files.delete(folder.resolve("profile"));
        await().until(inForce::isEmpty);
        assertThat(guard.check().status()).isEqualTo(Status.OK);
        assertThat(looks).hasPositiveValue();
    }

    /** A component that needs its file would end and begin anew, and lose what it knows. */
    @Test
    void aFileTakesOverFromThatOfTheProfileAndGivesBack() throws IOException {
        ProfileShelf.put(home, "fast", "test.one.cfg", "interval=1s\n");
        Files.writeString(folder.resolve("profile"), "fast\n");
        watch.start();
        for (int round = 0; round < 20; round++) {
            write("interval=5s");
            awaitInterval("5s");
            Files.delete(folder.resolve("test.one.cfg"));
            awaitInterval("1s");
        }
        assertThat(withdrawn).hasValue(0);
        assertThat(guard.check().details()).containsEntry("files", 1);
        Files.delete(folder.resolve("profile"));
        await().until(inForce::isEmpty);
        assertThat(withdrawn).hasValue(1);
    }

    @Test
    void aProfileIsThereBeforeTheStartReturns() throws IOException {
        ProfileShelf.put(home, "fast", "test.one.cfg", "interval=1s\n");
        Files.writeString(folder.resolve("profile"), "fast\n");
        watch.start();
        assertThat(inForce).isEqualTo(Map.of("test.one", Map.of("interval", "1s")));
    }

    @Test
    void anUnknownProfileIsNamed() throws IOException {
        ProfileShelf.put(home, "fast", "test.one.cfg", "interval=1s\n");
        Files.writeString(folder.resolve("profile"), "slow\n");
        write("interval=5s");
        watch.start();
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(guard.check().message())
                .isEqualTo("profile: names slow, which is no profile (expected fast or none); no profile is in force");
        assertThat(inForce).isEqualTo(Map.of("test.one", Map.of("interval", "5s")));
        Files.writeString(folder.resolve("profile"), "fast\n");
        await().until(() -> guard.check().status() == Status.OK);
        awaitInterval("5s");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("test.one.cfg"), text);
    }

    private void awaitInterval(String interval) {
        await().until(() -> Map.of("interval", interval).equals(inForce.get("test.one")));
    }
}
