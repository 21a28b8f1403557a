package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.testing.store.ListStore;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoreGateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final ListStore store = new ListStore();
    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger applied = new AtomicInteger();
    private boolean startable = true;
    private final StoreGate gate = new StoreGate(() -> store, work -> new Thread(work, "tidewatch-clock-set") {
        @Override
        public synchronized void start() {
            starts.incrementAndGet();
            if (!startable) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            super.start();
        }
    });

    @AfterEach
    void close() throws InterruptedException {
        gate.close();
    }

    /** As where a jar has used up the threads that the unit allows. */
    @Test
    void withoutAThreadPassesGoOnAndTheCorrectionIsRetried() throws Exception {
        startable = false;
        gate.add(present -> applied.incrementAndGet());

        assertThat(gate.trouble()).contains("unable to create native thread");
        assertThat(gate.<Instant>pass(() -> NOW, time -> time)).isEqualTo(NOW);
        gate.tryAgain();
        assertThat(starts).hasValue(2);
        assertThat(applied).hasValue(0);

        startable = true;
        gate.tryAgain();
        awaitCorrected();
        assertThat(applied).hasValue(1);
        assertThat(gate.<Instant>pass(() -> NOW, time -> time)).isEqualTo(NOW);
    }

    @Test
    void anErrorOfTheStoreIsShownAndRetried() throws Exception {
        gate.add(present -> {
            if (applied.incrementAndGet() == 1) {
                throw new OutOfMemoryError("Java heap space");
            }
        });

        await().untilAsserted(() -> assertThat(gate.trouble()).contains("Java heap space"));
        assertThat(gate.<Instant>pass(() -> NOW, time -> time)).isEqualTo(NOW);
        assertThat(gate.isCorrecting()).isTrue();
        gate.tryAgain();
        awaitCorrected();
        assertThat(applied).hasValue(2);
    }

    private void awaitCorrected() {
        await().until(() -> !gate.isCorrecting());
        assertThat(gate.trouble()).isNull();
    }
}
