package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A pass that is interrupted while its source keeps it waiting. */
public final class InterruptedPass {
    private InterruptedPass() {}

    /** @param waits is counted down once the pass waits for its source */
    public static void ends(Collector collector, CountDownLatch waits) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread pass = new Thread(() -> {
            try {
                collector.collect();
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
        pass.start();
        waits.await();
        pass.interrupt();
        pass.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
}
