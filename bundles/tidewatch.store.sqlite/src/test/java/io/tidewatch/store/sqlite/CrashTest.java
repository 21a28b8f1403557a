package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.store.sqlite.engine.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Killing the process with -9, whatever it is at, loses nothing that had returned: what was appended is there once, what
 * was completed is not pending, what was not completed is. More kills with {@code -Dtidewatch.crash.kills=1000}.
 */
@Tag("slow")
class CrashTest {
    private static final int KILLS = Integer.getInteger("tidewatch.crash.kills", 50);
    private static final int KILLS_PER_DATABASE = 50;

    /** Small, so that many kills come during a checkpoint. */
    private static final long CHECKPOINT_SIZE = 128 << 10;

    private static final int LONGEST_START_MILLIS = 600;
    private static final int LONGEST_WORK_MILLIS = 250;

    @TempDir
    Path folder = Path.of("");

    /** Where a database is after some kills. */
    private static final class Life {
        private final Path database;
        private final WorkloadModel model = new WorkloadModel();
        private int next;

        Life(Path database) {
            this.database = database;
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void killingLosesNothingThatHadReturned() throws Exception {
        long seed = Long.getLong("tidewatch.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        Life life = null;
        int interrupted = 0;
        int happened = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            if (life == null || kill % KILLS_PER_DATABASE == 0) {
                Path home = Files.createDirectory(folder.resolve("life" + kill));
                life = new Life(home.resolve("metrics.db"));
            }
            String what = "kill " + kill + " of -Dtidewatch.crash.seed=" + seed;
            Boolean inFlight = killOnce(life, seed, random, what);
            if (inFlight != null) {
                interrupted++;
                happened += inFlight ? 1 : 0;
            }
        }
        assertThat(interrupted)
                .as("kills during an operation, %d of which took effect", happened)
                .isPositive();
    }

    /** Returns whether the operation that was interrupted took effect; null if there was none. */
    private @Nullable Boolean killOnce(Life life, long seed, Random random, String what) throws Exception {
        Path journalFile = folder.resolve("journal");
        Files.deleteIfExists(journalFile);
        WorkloadProcess.Order order = new WorkloadProcess.Order(
                life.database,
                journalFile,
                folder.resolve("driver"),
                seed,
                life.next,
                Integer.MAX_VALUE,
                Duration.ofMillis(20),
                CHECKPOINT_SIZE,
                true);
        Process child = order.process().inheritIO().start();
        try {
            if (random.nextInt(8) == 0) {
                // While it starts.
                child.waitFor(random.nextInt(LONGEST_START_MILLIS), TimeUnit.MILLISECONDS);
            } else {
                await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> Journal.read(journalFile).begun() >= 0 || !child.isAlive());
                child.waitFor(random.nextInt(LONGEST_WORK_MILLIS), TimeUnit.MILLISECONDS);
            }
            assertThat(child.isAlive())
                    .as("the child works until it is killed, %s", what)
                    .isTrue();
        } finally {
            // On Linux this is SIGKILL.
            child.destroyForcibly();
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();

        Journal journal = Journal.read(journalFile);
        for (; life.next <= journal.done(); life.next++) {
            life.model.apply(Operation.of(seed, life.next));
        }
        StoreContents found = look(life);
        StoreContents without = life.model.contents();
        Boolean tookEffect = null;
        if (journal.begun() > journal.done()) {
            Operation operation = Operation.of(seed, journal.begun());
            tookEffect = !found.equals(without);
            if (tookEffect) {
                life.model.apply(operation);
                what += ", with or (" + without + ") without " + operation;
            }
            life.next = journal.begun() + 1;
        }
        assertThat(found).as(what).isEqualTo(life.model.contents());
        life.model.crashed();
        return tookEffect;
    }

    /** What the store holds; by a copy, so that it is the next process that recovers. */
    private StoreContents look(Life life) throws Exception {
        Path copy = Files.createDirectories(folder.resolve("copy")).resolve("metrics.db");
        for (String suffix : new String[] {"", "-wal"}) {
            copyIfThere(life.database, copy, suffix);
        }
        Clock clock = Clock.fixed(Operation.START.plusMillis(life.next), ZoneOffset.UTC);
        try (SqliteStore store = TestStores.open(copy, clock)) {
            return StoreContents.of(store);
        }
    }

    private static void copyIfThere(Path from, Path to, String suffix) throws IOException {
        Path source = from.resolveSibling(from.getFileName() + suffix);
        Path target = to.resolveSibling(to.getFileName() + suffix);
        if (Files.exists(source)) {
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(target);
        }
    }
}
