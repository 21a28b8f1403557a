package io.tidewatch.uploader.victoriametrics.timing;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A wait that another thread can end; a call while no thread waits ends the next wait. */
public final class BreakablePause implements Pause {
    /** Attempts follow each other at once while a backlog drains: the network is not read for each. */
    private static final long SAME = Duration.ofSeconds(1).toNanos();

    private final LongSupplier network;
    private final Duration look;
    private long before;
    private @Nullable Long lookedAt;
    /** Has an element when the wait is to end. */
    private final BlockingQueue<Boolean> ending = new ArrayBlockingQueue<>(1);

    /**
     * @param network a number that changes with routes and addresses of the device; asked by the thread that waits
     * @param look time between two looks at it, and at files
     */
    public BreakablePause(LongSupplier network, Duration look) {
        this.network = network;
        this.look = look;
    }

    @Override
    public End await(Duration duration) throws InterruptedException {
        return await(duration, duration, () -> false, End.OVER);
    }

    @Override
    public void attempt() {
        long now = System.nanoTime();
        if (lookedAt == null || now - lookedAt >= SAME) {
            lookedAt = now;
            before = network.getAsLong();
        }
    }

    @Override
    public End awaitNetwork(Duration duration) throws InterruptedException {
        if (lookedAt == null) {
            attempt();
        }
        BooleanSupplier changed = () -> network.getAsLong() != before;
        End end = changed.getAsBoolean() ? End.NETWORK : await(duration, look, changed, End.NETWORK);
        if (end == End.NETWORK) {
            lookedAt = null;
        }
        return end;
    }

    @Override
    public End awaitFiles(Duration duration, BooleanSupplier changed) throws InterruptedException {
        return changed.getAsBoolean() ? End.FILES : await(duration, look, changed, End.FILES);
    }

    public void end() {
        ending.offer(true);
    }

    private End await(Duration duration, Duration step, BooleanSupplier changed, End thenEnd)
            throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        long left = duration.toNanos();
        while (left > 0) {
            if (isBroken(Math.min(left, step.toNanos()))) {
                return End.BROKEN;
            }
            if (changed.getAsBoolean()) {
                return thenEnd;
            }
            left = end - System.nanoTime();
        }
        return isBroken(0) ? End.BROKEN : End.OVER;
    }

    private boolean isBroken(long nanos) throws InterruptedException {
        return ending.poll(nanos, TimeUnit.NANOSECONDS) != null;
    }
}
