package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.store.sqlite.DiskLog.Event;
import io.tidewatch.store.sqlite.PowerCut.Damage;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.testing.process.PreloadedLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a power cut leaves of the files, the store opens it and holds what it held after some operation: at the
 * earliest the last one that had returned before the last sync that ended, so that a cut costs what happened since then and
 * nothing else. More images with {@code -Dtidewatch.powercut.images=10000}.
 */
@Tag("slow")
class PowerCutTest {
    private static final int IMAGES = Integer.getInteger("tidewatch.powercut.images", 300);
    private static final int IMAGES_PER_RUN = 2000;
    private static final int OPERATIONS = 2000;

    /** Small, so that there are many checkpoints. */
    private static final long CHECKPOINT_SIZE = 96 << 10;

    private static final String JOURNAL = "journal";
    private static final String LOG = "metrics.db-wal";

    @TempDir
    Path folder = Path.of("");

    /** What can be said of the time behind an event. */
    private static final class Progress {
        private final Map<Long, Integer> syncs = new HashMap<>();
        private int begun;
        private int done;
        private int doneAtSync;
        private int safe;

        /** A sync of this number began. */
        void syncBegins(long number) {
            syncs.put(number, done);
        }

        void syncEnds(long number) {
            Integer covered = syncs.remove(number);
            safe = Math.max(safe, covered == null ? 0 : covered);
        }

        void journal(String line) {
            int index = Integer.parseInt(line.substring(2).trim());
            switch (line.charAt(0)) {
                case WorkloadProcess.BEGUN -> begun = index + 1;
                case WorkloadProcess.DONE -> done = index + 1;
                case WorkloadProcess.SYNC -> doneAtSync = done;
                default -> safe = Math.max(safe, doneAtSync);
            }
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void aPowerCutCostsWhatCameAfterTheLastSync() throws Exception {
        long seed = Long.getLong("tidewatch.powercut.seed", System.nanoTime());
        for (int run = 0; run * IMAGES_PER_RUN < IMAGES; run++) {
            int images = Math.min(IMAGES_PER_RUN, IMAGES - run * IMAGES_PER_RUN);
            List<Event> events = work(seed + run, OPERATIONS, true);
            int[] cuts = new Random(seed + run)
                    .ints(images, 0, events.size() + 1)
                    .sorted()
                    .toArray();
            assertThat(cutOften(events, OPERATIONS, cuts, seed + run))
                    .as("images that lost something")
                    .isPositive();
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aPowerCutAtAnyPointOfCreationAndEndIsOutlived() throws Exception {
        List<Event> events = work(1, 1, true);
        int[] cuts = IntStream.rangeClosed(0, events.size())
                .flatMap(cut -> IntStream.of(cut, cut))
                .toArray();
        cutOften(events, 1, cuts, 1);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void noticesSyncsThatAreLeftOut() throws Exception {
        List<Event> events = work(2, OPERATIONS, false);
        int[] cuts = new Random(2).ints(200, 0, events.size() + 1).sorted().toArray();
        assertThatThrownBy(() -> cutOften(events, OPERATIONS, cuts, 2))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("[cut ");
    }

    /** Runs a process that works with a store; returns what it did to the files. */
    private List<Event> work(long seed, int operations, boolean forces) throws Exception {
        Path home = Files.createDirectory(folder.resolve("store" + seed));
        Path log = folder.resolve("log" + seed);
        WorkloadProcess.Order order = new WorkloadProcess.Order(
                home.resolve("metrics.db"),
                home.resolve(JOURNAL),
                folder.resolve("driver"),
                seed,
                0,
                operations,
                Duration.ofMillis(20),
                CHECKPOINT_SIZE,
                forces);
        Path library = PreloadedLibrary.compile(Path.of("src/test/c/disklog.c"), folder.resolve("disklog.so"));
        ProcessBuilder builder = order.process().inheritIO();
        DiskLog.preload(builder, library, home, log);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        List<Event> events = DiskLog.read(log);
        assertTold(events, home);
        Files.delete(log);
        return events;
    }

    /** The log tells all that happened: replayed to its end it gives the very files. */
    private void assertTold(List<Event> events, Path home) throws IOException {
        PowerCut replay = new PowerCut();
        events.forEach(replay::follow);
        Path replayed = Files.createDirectory(folder.resolve("replayed"));
        replay.leave(replayed, Damage.ALL_KEPT, new Random(0));
        assertThat(names(replayed)).isEqualTo(names(home));
        for (String name : names(home)) {
            assertThat(replayed.resolve(name)).hasSameBinaryContentAs(home.resolve(name));
        }
        delete(replayed);
    }

    /** Cuts at these points, in ascending order; returns how many cuts cost something. */
    private int cutOften(List<Event> events, int operations, int[] cuts, long seed) throws Exception {
        List<StoreContents> states = new ArrayList<>();
        WorkloadModel model = new WorkloadModel();
        states.add(model.contents());
        for (int i = 0; i < operations; i++) {
            model.apply(Operation.of(seed, i));
            states.add(model.contents());
        }

        Random random = new Random(seed);
        PowerCut power = new PowerCut();
        Progress progress = new Progress();
        Map<Integer, String> names = new HashMap<>();
        int position = 0;
        int lossy = 0;
        for (int image = 0; image < cuts.length; image++) {
            for (; position < cuts[image]; position++) {
                Event event = events.get(position);
                power.follow(event);
                note(event, names, progress);
            }
            Damage damage = PowerCut.damage(image);
            String what = "cut %d of -Dtidewatch.powercut.seed=%d, behind event %d of %d, %s, operations %d to %d"
                    .formatted(image, seed, position, events.size(), damage, progress.safe, progress.begun);
            StoreContents found = recover(power, damage, random, progress.begun, what);
            assertThat(states.subList(progress.safe, progress.begun + 1))
                    .as(what)
                    .contains(found);
            lossy += found.equals(states.get(progress.done)) ? 0 : 1;
        }
        return lossy;
    }

    private static void note(Event event, Map<Integer, String> names, Progress progress) {
        switch (event.type()) {
            case CREATE -> names.put(event.file(), event.name());
            case WRITE -> {
                if (JOURNAL.equals(names.get(event.file()))) {
                    progress.journal(event.name());
                }
            }
            case SYNC_BEGIN -> {
                if (LOG.equals(names.get(event.file()))) {
                    progress.syncBegins(event.offset());
                }
            }
            case SYNC_END -> {
                if (LOG.equals(names.get(event.file()))) {
                    progress.syncEnds(event.offset());
                }
            }
            default -> {}
        }
    }

    private StoreContents recover(PowerCut power, Damage damage, Random random, int index, String what)
            throws Exception {
        Path image = Files.createDirectory(folder.resolve("image"));
        power.leave(image, damage, random);
        Clock clock = Clock.fixed(Operation.START.plusMillis(index), ZoneOffset.UTC);
        StoreContents contents;
        try (SqliteStore store = TestStores.open(image.resolve("metrics.db"), clock)) {
            contents = StoreContents.of(store);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("The store does not hold together after " + what, e);
        }
        delete(image);
        return contents;
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.endsWith("-shm"))
                    .collect(TreeSet::new, Set::add, Set::addAll);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
