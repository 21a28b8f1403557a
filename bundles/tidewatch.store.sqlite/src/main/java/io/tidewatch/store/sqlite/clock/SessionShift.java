package io.tidewatch.store.sqlite.clock;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.delivery.Writer;
import io.tidewatch.store.sqlite.tables.Sessions;
import io.tidewatch.store.sqlite.tables.Sessions.Run;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * Moves samples in time, each time under the lock, and keeps those of a boot on one clock. The start of a session minus the
 * time since the boot is the boot moment by its clock; where two sessions of a boot differ in that, the clock stepped
 * between them. Safe for use by several threads.
 */
public final class SessionShift {
    /** A clock that runs a little fast or slow did not step. */
    static final long SMALLEST_STEP = 2000;

    private static final SessionClock UNKNOWN = new SessionClock(Duration.ZERO, false);

    private final Writer writer;
    private final ClockShift shift;
    private final Sessions sessions;
    private final ArrivalClock arrivals;
    private final Clock clock;
    private final Boot boot;
    private final long built;

    private record Move(Run run, long step) {}

    /** @param built when the agent was built: a clock that shows less was never set */
    public SessionShift(
            Writer writer,
            Tables tables,
            Sessions sessions,
            ArrivalClock arrivals,
            Clock clock,
            Boot boot,
            Instant built) {
        this.writer = writer;
        shift = new ClockShift(tables);
        this.sessions = sessions;
        this.arrivals = arrivals;
        this.clock = clock;
        this.boot = boot;
        this.built = built.toEpochMilli();
    }

    /** See {@link SampleStore#shift}. */
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        long first = Millis.atOrAfter(from);
        long end = Millis.atOrAfter(until);
        ClockShift.requirePossible(first, end, Millis.of(step));
        return move(() -> {
            long samples = shift.shift(sessions.number(), first, end, step.toMillis());
            sessions.shift(first, end, step.toMillis());
            return samples;
        });
    }

    /** See {@link SampleStore#clockSet}. */
    public long clockSet(Instant until, Duration step) throws StoreException {
        return move(() -> clockSet(Millis.atOrAfter(until), Millis.of(step)));
    }

    private long move(Writer.Work<Long> work) throws StoreException {
        String action = "Moving samples in time";
        return writer.locked(action, () -> {
            long moved = writer.abandoning(action, work);
            arrivals.corrected();
            return moved;
        });
    }

    /** See {@link SampleStore#continueClock}. */
    public SessionClock continueClock() throws StoreException {
        return writer.abandoning(
                "Comparing the clocks of the sessions", () -> continueClock(clock.millis(), boot.uptimeMillis()));
    }

    /** See {@link SampleStore#clockConfirmed}. */
    public void confirmed() throws StoreException {
        writer.transaction("Noting that the clock is right", () -> {
            sessions.confirm();
            return sessions;
        });
    }

    /**
     * Moves this session onto the clock of the earlier ones of this boot.
     *
     * @param now milliseconds since the epoch by the clock of the system
     * @return that clock
     */
    private SessionClock continueClock(long now, OptionalLong uptime) throws SQLException {
        Run present = sessions.own();
        if (present == null || !present.isComparable() || uptime.isEmpty()) {
            return UNKNOWN;
        }
        List<Run> earlier = sessions.earlierOfBoot(present);
        long target = present.boot();
        for (Run run : earlier) {
            if (run.isComparable() && isStep(run.boot() - present.boot()) && run.boot() + present.uptime() >= 0) {
                target = run.boot();
            }
        }
        boolean confirmed = isConfirmed(present, target);
        for (Run run : earlier) {
            confirmed |= isConfirmed(run, target);
        }
        if (target != present.boot()) {
            clockSet(now + 1, target - present.boot());
        }
        long ahead = now - uptime.getAsLong() - target;
        return new SessionClock(Duration.ofMillis(isStep(ahead) ? ahead : 0), confirmed);
    }

    /**
     * Moves what this boot stamped before a step of the clock.
     *
     * @param until what the clock would show without, in milliseconds
     */
    private long clockSet(long until, long step) throws SQLException {
        Run present = sessions.own();
        if (present == null) {
            return 0;
        }
        long target = present.boot() + (present.start() < until ? step : 0);
        List<Move> moves = new ArrayList<>();
        for (Run run : sessions.earlierOfBoot(present)) {
            long by = stepOf(run, present, target, until, step);
            if (by != 0) {
                moves.add(new Move(run, by));
            }
        }
        // No session arrives where another has yet to leave: into the future the latest goes first.
        long moved = 0;
        if (step > 0) {
            Collections.reverse(moves);
            moved += moveOwn(present, until, step);
        }
        for (Move move : moves) {
            Run run = move.run();
            ClockShift.requirePossible(run.start(), run.end() + 1, move.step());
            sessions.move(run, move.step());
            moved += shift.shift(run.number(), 0, Millis.END, move.step());
        }
        return step > 0 ? moved : moved + moveOwn(present, until, step);
    }

    private long stepOf(Run run, Run present, long target, long until, long step) {
        if (!run.isComparable() || !present.isComparable()) {
            return run.start() < built && run.start() < until ? step : 0;
        }
        long difference = target - run.boot();
        if (!isStep(difference)) {
            return 0;
        }
        // On the same clock the difference is the step, but for the hundredths of the time since the boot.
        return isStep(difference - step) ? difference : step;
    }

    private long moveOwn(Run present, long until, long step) throws SQLException {
        if (present.start() < until) {
            ClockShift.requirePossible(present.start(), until, step);
            sessions.move(present, step);
        }
        return shift.shift(present.number(), 0, until, step);
    }

    private static boolean isConfirmed(Run run, long target) {
        return run.confirmed() && !isStep(run.boot() - target);
    }

    private static boolean isStep(long millis) {
        return Math.abs(millis) > SMALLEST_STEP;
    }
}
