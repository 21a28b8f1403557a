package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.Operation.Point;
import io.tidewatch.store.sqlite.db.LogSync;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The process that crash tests end: does one {@link Operation} after the other with a store and says so in a journal, one
 * write per line, so that everything up to the last line is known whenever it ends.
 */
final class WorkloadProcess implements AutoCloseable {
    /** Before an operation, with its index. */
    static final char BEGUN = 'b';

    /** After an operation, with its index. */
    static final char DONE = 'd';

    /** Before the log is forced to the medium. */
    static final char SYNC = 's';

    /** After the log was forced to the medium. */
    static final char SYNCED = 'f';

    /**
     * What to do.
     *
     * @param database the file
     * @param journal is appended to
     * @param driver folder for the native library of the driver, which need not exist
     * @param seed of the operations
     * @param first operation to do
     * @param end operation after the last
     * @param syncInterval of the store
     * @param checkpointSize of the store
     * @param forces whether the store may force its log to the medium
     */
    record Order(
            Path database,
            Path journal,
            Path driver,
            long seed,
            int first,
            int end,
            Duration syncInterval,
            long checkpointSize,
            boolean forces) {
        /** A process that carries this out; it starts fast and leaves nothing behind. */
        ProcessBuilder process() throws IOException {
            return new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xshare:auto",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx64m",
                    "-XX:-UsePerfData",
                    "-Dslf4j.internal.verbosity=ERROR",
                    "-Dorg.sqlite.lib.path=" + nativeLibrary().getParent(),
                    "-Dorg.sqlite.lib.name=" + nativeLibrary().getFileName(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    WorkloadProcess.class.getName(),
                    database.toString(),
                    journal.toString(),
                    driver.toString(),
                    Long.toString(seed),
                    Integer.toString(first),
                    Integer.toString(end),
                    syncInterval.toString(),
                    Long.toString(checkpointSize),
                    Boolean.toString(forces));
        }

        static Order of(String[] texts) {
            return new Order(
                    Path.of(texts[0]),
                    Path.of(texts[1]),
                    Path.of(texts[2]),
                    Long.parseLong(texts[3]),
                    Integer.parseInt(texts[4]),
                    Integer.parseInt(texts[5]),
                    Duration.parse(texts[6]),
                    Long.parseLong(texts[7]),
                    Boolean.parseBoolean(texts[8]));
        }

        /** The driver's library, unpacked once: each process would unpack its own, and killed ones leave theirs. */
        private Path nativeLibrary() throws IOException {
            Path library = driver.resolve(LibraryLoaderUtil.getNativeLibName());
            if (Files.notExists(library)) {
                Files.createDirectories(driver);
                String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library.getFileName();
                try (var content = LibraryLoaderUtil.class.getResourceAsStream(resource)) {
                    if (content == null) {
                        throw new IOException("The SQLite driver has no " + resource);
                    }
                    Files.copy(content, library);
                }
            }
            return library;
        }
    }

    private final Order order;
    private final FileOutputStream journal;
    private final SettableClock clock;
    private SqliteStore store;
    private @Nullable Delivery delivery;

    private WorkloadProcess(Order order) throws IOException, StoreException {
        this.order = order;
        journal = new FileOutputStream(order.journal().toFile(), true);
        clock = new SettableClock(Operation.START.plusMillis(order.first()));
        store = open();
    }

    public static void main(String[] arguments) throws Exception {
        Order order = Order.of(arguments);
        try (WorkloadProcess process = new WorkloadProcess(order)) {
            for (int i = order.first(); i < order.end(); i++) {
                process.run(Operation.of(order.seed(), i));
            }
        }
    }

    private void run(Operation operation) throws Exception {
        clock.set(operation.time());
        write(BEGUN, operation.index());
        switch (operation.kind()) {
            case APPEND -> store.append(operation.batch());
            case NEXT -> delivery = store.next(operation.query()).orElse(null);
            case COMPLETE -> {
                if (delivery != null) {
                    store.complete(delivery, outcome(operation, delivery));
                    delivery = null;
                }
            }
            case CHECKPOINT -> store.checkpoint();
            case LOCK -> store.exclusive(true);
            case UNLOCK -> store.exclusive(false);
            case RESTART -> {
                store.close();
                store = open();
                delivery = null;
            }
        }
        write(DONE, operation.index());
    }

    private static DeliveryOutcome outcome(Operation operation, Delivery delivery) {
        List<Slice> accepted = new ArrayList<>();
        List<DeliveryOutcome.Rejection> rejected = new ArrayList<>();
        for (SeriesSamples samples : delivery.series()) {
            int series = StoreContents.seriesOf(samples);
            for (int i = 0; i < samples.size(); i++) {
                Slice slice = new Slice(samples, i, i + 1);
                switch (operation.fateOf(new Point(samples.timestamp(i), series))) {
                    case ACKNOWLEDGED -> accepted.add(slice);
                    case REJECTED -> rejected.add(new DeliveryOutcome.Rejection(slice, "bad"));
                    case LEFT -> {}
                }
            }
        }
        return new DeliveryOutcome(
                List.of(new DeliveryOutcome.Acknowledgement(0, operation.time(), accepted)), rejected);
    }

    private SqliteStore open() throws StoreException {
        StoreSettings settings =
                new StoreSettings(Duration.ZERO, order.syncInterval(), Duration.ofDays(1), order.checkpointSize());
        return TestStores.open(order.database(), settings, clock, TestStores.syncing(this::force));
    }

    private void force(Path log) throws IOException {
        write(SYNC, 0);
        if (order.forces()) {
            LogSync.force(log);
        }
        write(SYNCED, 0);
    }

    private synchronized void write(char what, int index) throws IOException {
        journal.write((what + " " + index + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        store.close();
        journal.close();
    }
}
