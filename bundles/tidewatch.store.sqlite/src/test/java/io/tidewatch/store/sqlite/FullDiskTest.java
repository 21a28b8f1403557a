package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that is full, and one that is read-only, for real: a small tmpfs in a mount namespace of the test's
 * own, which needs no rights but those of a user.
 */
class FullDiskTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level");

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void goesOnWhenAFullDiskHasRoomAgain() throws Exception {
        assertThat(run("full"))
                .containsExactly(
                        "stored before: true",
                        "in memory while full: 50",
                        "trouble: Make room on the file system",
                        "read while full: true",
                        "trouble afterwards: none",
                        "in memory afterwards: 0",
                        "pending is what was appended: true",
                        "integrity: ok");
    }

    /** Programs ask for a locked database while no byte of the disk is free: it goes on as it was, and is read and locked later. */
    @Test
    @Timeout(120)
    void aProgramThatReadsALockedDatabaseOnAFullDiskStopsNothing() throws Exception {
        assertThat(run("full-locked"))
                .containsExactly(
                        "stored before: true",
                        "in memory while full-locked: 50",
                        "trouble: Make room on the file system",
                        "read while full-locked: true",
                        "trouble afterwards: none",
                        "in memory afterwards: 0",
                        "locked afterwards: true, then false",
                        "pending is what was appended: true",
                        "integrity: ok");
    }

    @Test
    @Timeout(120)
    void startsOnAReadOnlyDiskAndGoesOnWhenItCanBeWritten() throws Exception {
        assertThat(run("read-only"))
                .containsExactly(
                        "stored before: true",
                        "in memory while read-only: 50",
                        "trouble: not mounted read-only",
                        "read while read-only: false",
                        "trouble afterwards: none",
                        "in memory afterwards: 0",
                        "pending is what was appended: true",
                        "integrity: ok");
    }

    private List<String> run(String what) throws Exception {
        Path out = folder.resolve("out");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        "mkdir -p \"$1\" && mount -t tmpfs -o size=2m tmpfs \"$1\" && exec \"$2\" -cp \"$3\" \"$4\" \"$1\" \"$5\"",
                        "sh",
                        folder.resolve("disk").toString(),
                        java,
                        System.getProperty("java.class.path"),
                        FullDiskTest.class.getName(),
                        what)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(child.waitFor(100, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.exitValue()).as("a mount namespace of its own").isZero();
        return Files.readAllLines(out);
    }

    /** The child, on the small disk. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path disk = Path.of(arguments[0]);
        boolean full = arguments[1].startsWith("full");
        boolean locked = arguments[1].equals("full-locked");
        Path file = disk.resolve("metrics.db");
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        AtomicLong nanos = new AtomicLong();
        FaultTolerantStore store = open(file, clock, nanos);
        int appended = 0;
        int deferred = 0;
        for (int i = 0; i < 50; i++) {
            deferred += store.append(batch(appended++)).deferred();
        }
        out.println("stored before: " + (deferred == 0));
        if (locked) {
            store.exclusive(true);
        }
        Path ballast = disk.resolve("ballast");
        if (full) {
            fill(ballast);
            // The last blocks of the log's own.
            while (store.append(batch(appended++)).deferred() == 0) {
                nanos.incrementAndGet();
            }
            deferred = 1;
            for (int i = 0; i < 49; i++) {
                deferred += store.append(batch(appended++)).deferred();
            }
            if (locked) {
                askInVain(store, disk);
            }
        } else {
            // Nobody may have a file open for writing on a disk that is to be read-only.
            store.close();
            mount(disk, "ro");
            store = open(file, clock, nanos);
            for (int i = 0; i < 50; i++) {
                deferred += store.append(batch(appended++)).deferred();
            }
        }
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        out.println("in memory while " + arguments[1] + ": " + deferred);
        String trouble = String.valueOf(store.state().trouble());
        String advice = full ? "Make room on the file system" : "not mounted read-only";
        out.println("trouble: " + (trouble.contains(advice) ? advice : trouble));
        boolean read;
        try {
            read = store.next(DeliveryQuery.everything(DESTINATION, 10))
                            .orElseThrow()
                            .size()
                    == 10;
        } catch (StoreException e) {
            read = false;
        }
        out.println("read while " + arguments[1] + ": " + read);
        if (full) {
            Files.delete(ballast);
            Files.deleteIfExists(disk.resolve("more"));
        } else {
            mount(disk, "rw");
        }
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        store.append(batch(appended++));
        out.println("trouble afterwards: "
                + (store.state().trouble() == null ? "none" : store.state().trouble()));
        out.println("in memory afterwards: " + store.state().ringSamples());
        if (locked) {
            out.println("locked afterwards: " + store.exclusive(true) + ", then " + store.exclusive(false));
        }
        var delivery = store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                .orElseThrow();
        out.println("pending is what was appended: " + (delivery.size() == appended));
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        store.close();
        try (var connection = Connections.open(file, true);
                var statement = connection.createStatement();
                var check = statement.executeQuery("PRAGMA integrity_check")) {
            check.next();
            out.println("integrity: " + check.getString(1));
        }
    }

    /** What closing a connection frees is taken by others at once. */
    private static void askInVain(FaultTolerantStore store, Path disk) throws Exception {
        for (int i = 0; i < 6; i++) {
            try {
                store.exclusive(i % 2 == 1);
            } catch (StoreException e) {
                System.err.println("expected on a full disk: " + e.getMessage());
            }
            fill(disk.resolve("more"));
        }
    }

    private static FaultTolerantStore open(Path file, Clock clock, AtomicLong nanos) throws StoreException {
        return new FaultTolerantStore(
                new DatabasePlace(file, clock, Platform.REAL),
                (settings, onFailure) -> StoreOpening.open(TestStores.place(file), settings, clock),
                TestStores.SETTINGS,
                10_000,
                clock,
                nanos::get,
                Runnable::run);
    }

    private static SampleBatch batch(int number) {
        return new SampleBatch(
                NOW.plusMillis(number), "rig", new TreeMap<>(), Priority.NORMAL, List.of(LEVEL.sample(number)));
    }

    private static void fill(Path ballast) throws Exception {
        byte[] block = new byte[4096];
        try (var stream = Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                stream.write(block);
            }
        } catch (java.io.IOException e) {
            // No space left on device, as intended.
        }
    }

    private static void mount(Path disk, String mode) throws Exception {
        Process mount = new ProcessBuilder("mount", "-o", "remount," + mode + ",size=2m", disk.toString())
                .inheritIO()
                .start();
        if (mount.waitFor() != 0) {
            throw new IllegalStateException("Cannot remount " + disk + " " + mode);
        }
    }
}
