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

    /**
     * Sets the next tick, instead of one that is set.
     *
     * @param ring called by the timer at the tick, with the time it was due by the monotonic clock
     */
    void schedule(Duration interval, LongConsumer ring) {
        cancel();
        long due = context.timetable().next(context.nanoTime().getAsLong(), lastStart, interval.toNanos());
        alarm = context.timer().at(due, () -> ring.accept(due));
    }

    void rang() {
        alarm = null;
    }

    void cancel() {
        TimerThread.Alarm set = alarm;
        alarm = null;
        if (set != null) {
            set.cancel();
        }
    }
}
