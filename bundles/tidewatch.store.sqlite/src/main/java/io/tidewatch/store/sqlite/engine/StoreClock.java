package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.clock.ArrivalClock;
import io.tidewatch.store.sqlite.clock.ClockShift;
import io.tidewatch.store.sqlite.clock.SessionShift;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.delivery.Writer;
import io.tidewatch.store.sqlite.tables.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Moves samples in time; see {@link SampleStore}. Safe for use by several threads. */
final class StoreClock {
    private final Writer writer;
    private final Sessions sessions;
    private final ClockShift clockShift;
    private final SessionShift sessionShift;
    private final ArrivalClock arrivals;
    private final Clock clock;
    private final Boot boot;

    StoreClock(Writer writer, Tables tables, Sessions sessions, StorePlace place, Clock clock) {
        this.writer = writer;
        this.sessions = sessions;
        this.clock = clock;
        this.boot = place.boot();
        arrivals = new ArrivalClock(clock, boot);
        clockShift = new ClockShift(tables);
        sessionShift = new SessionShift(clockShift, sessions, place.built().toEpochMilli());
    }

    /** When a batch arrives, by the clock that it was stamped with. */
    Instant arrivalOf(SampleBatch batch) {
        return arrivals.of(batch);
    }

    long shift(Instant from, Instant until, Duration step) throws StoreException {
        long first = Millis.atOrAfter(from);
        long end = Millis.atOrAfter(until);
        ClockShift.requirePossible(first, end, Millis.of(step));
        return move(() -> {
            long samples = clockShift.shift(sessions.number(), first, end, step.toMillis());
            sessions.shift(first, end, step.toMillis());
            return samples;
        });
    }

    long clockSet(Instant until, Duration step) throws StoreException {
        return move(() -> sessionShift.clockSet(Millis.atOrAfter(until), Millis.of(step)));
    }

    private long move(Writer.Work<Long> work) throws StoreException {
        String action = "Moving samples in time";
        return writer.locked(action, () -> {
            long moved = writer.abandoning(action, work);
            arrivals.corrected();
            return moved;
        });
    }

    SessionClock continueClock() throws StoreException {
        return writer.abandoning(
                "Comparing the clocks of the sessions",
                () -> sessionShift.continueClock(clock.millis(), boot.uptimeMillis()));
    }

    void confirmed() throws StoreException {
        writer.transaction("Noting that the clock is right", () -> {
            sessions.confirm();
            return sessions;
        });
    }
}
