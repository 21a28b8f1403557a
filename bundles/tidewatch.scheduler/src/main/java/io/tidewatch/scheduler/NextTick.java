package io.tidewatch.scheduler;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** When a collector runs next. Guarded by its run. */
final class NextTick {
    private final RunContext context;
    private TimerThread.@Nullable Alarm alarm;
    private long lastStart;

    NextTick(RunContext context) {
        this.context = context;
    }

    void started() {
        lastStart = context.nanoTime().getAsLong();
    }

    /** Sets the next tick, instead of one that is set; the timer then rings with the time that it was due. */
    void schedule(Duration interval, LongConsumer ring) {
        cancel();
        long due = context.timetable().next(context.nanoTime().getAsLong(), lastStart, interval.toNanos());
        alarm = context.timer().at(due, () -> ring.accept(due));
    }

    void cancel() {
        context.timer().cancel(alarm);
        alarm = null;
    }
}
