package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import io.tidewatch.store.sqlite.resilience.RecoveryThread;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RecoveryThreadTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level");

    @Test
    @Timeout(60)
    void doesOneThingAtATimeUntilItIsClosed() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch interrupted = new CountDownLatch(1);
        RecoveryThread thread = new RecoveryThread(Thread::start);
        Runnable work = () -> {
            begun.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        thread.execute(work);
        await().until(() -> begun.get() == 1);
        thread.execute(work);
        thread.close();
        interrupted.await();
        thread.execute(work);

        assertThat(begun).hasValue(1);
    }

    @Test
    void workForWhichThereIsNoThreadIsDoneWhenItIsAskedForAgain() {
        AtomicInteger done = new AtomicInteger();
        AtomicInteger refusals = new AtomicInteger(1);
        try (RecoveryThread recovery = new RecoveryThread(thread -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            thread.start();
        })) {
            recovery.execute(done::incrementAndGet);
            assertThat(done).hasValue(0);

            recovery.execute(done::incrementAndGet);
            await().until(() -> done.get() == 1);
        }
    }

    @Test
    void appendsDoNotWaitForARecovery(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("metrics.db");
        Queue<Runnable> later = new ArrayDeque<>();
        AtomicLong nanos = new AtomicLong();
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            for (int i = 0; i < 500; i++) {
                store.append(batch(i));
            }
        }
        try (FaultTolerantStore store = new FaultTolerantStore(
                new DatabasePlace(file, CLOCK, TestStores.timed(nanos::get)),
                (settings, onFailure) -> StoreOpening.open(TestStores.place(file), settings, CLOCK),
                TestStores.SETTINGS,
                1_000,
                CLOCK,
                nanos::get,
                later::add)) {
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.seek(100);
                raw.write(new byte[(int) raw.length() - 100]);
            }
            while (store.state().trouble() == null) {
                try {
                    store.next(DeliveryQuery.everything(DESTINATION, 1_000));
                } catch (StoreException e) {
                    assertThat(e).hasMessageContaining("damaged");
                }
            }
            assertThat(store.append(batch(500)).deferred()).isEqualTo(1);
            assertThat(store.append(batch(501)).deferred()).isEqualTo(1);
            assertThat(store.state().recovery()).isNull();
            // Damage is looked at twice, and what cannot be read is read twice.
            int appended = 502;
            while (!later.isEmpty()) {
                later.remove().run();
                nanos.addAndGet(Duration.ofSeconds(15).toNanos());
                store.append(batch(appended++));
            }

            assertThat(store.state().trouble()).isNull();
            assertThat(store.state().recovery()).isNotNull();
            assertThat(store.status().pendingSamples()).isEqualTo(appended - 500);
            assertThat(Files.exists(file)).isTrue();
        }
    }

    private static SampleBatch batch(int number) {
        return new SampleBatch(
                NOW.plusMillis(number), "rig", new TreeMap<>(), Priority.NORMAL, List.of(LEVEL.sample(number)));
    }
}
