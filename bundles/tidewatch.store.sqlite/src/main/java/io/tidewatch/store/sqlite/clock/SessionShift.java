package io.tidewatch.store.sqlite.clock;

import io.tidewatch.api.store.SessionClock;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.tables.Sessions;
import io.tidewatch.store.sqlite.tables.Sessions.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * Keeps the samples of a boot on one clock. The start of a session minus the time since the boot is the boot moment by its
 * clock; where two sessions of a boot differ in that, the clock stepped between them.
 */
public final class SessionShift {
    /** A clock that runs a little fast or slow did not step. */
    private static final long SMALLEST_STEP = 2000;

    private static final SessionClock UNKNOWN = new SessionClock(Duration.ZERO, false);

    private final ClockShift shift;
    private final Sessions sessions;
    private final long built;

    private record Move(Run run, long step) {}

    /** @param built when the agent was built, in milliseconds since the epoch: a clock that shows less was never set */
    public SessionShift(ClockShift shift, Sessions sessions, long built) {
        this.shift = shift;
        this.sessions = sessions;
        this.built = built;
    }

    /**
     * Moves this session onto the clock of the earlier ones of this boot, in the caller's transaction.
     *
     * @param now milliseconds since the epoch by the clock of the system
     * @return that clock
     */
    public SessionClock continueClock(long now, OptionalLong uptime) throws SQLException {
        Run present = sessions.own();
        if (present == null || !present.isComparable() || uptime.isEmpty()) {
            return UNKNOWN;
        }
        List<Run> earlier = sessions.earlierOfBoot(present);
        long boot = present.boot();
        for (Run run : earlier) {
            if (run.isComparable() && isStep(run.boot() - present.boot()) && run.boot() + present.uptime() >= 0) {
                boot = run.boot();
            }
        }
        boolean confirmed = isConfirmed(present, boot);
        for (Run run : earlier) {
            confirmed |= isConfirmed(run, boot);
        }
        if (boot != present.boot()) {
            clockSet(now + 1, boot - present.boot());
        }
        long ahead = now - uptime.getAsLong() - boot;
        return new SessionClock(Duration.ofMillis(isStep(ahead) ? ahead : 0), confirmed);
    }

    /**
     * Moves what this boot stamped before a step of the clock, in the caller's transaction.
     *
     * @param until what the clock would show without, in milliseconds
     */
    public long clockSet(long until, long step) throws SQLException {
        Run present = sessions.own();
        if (present == null) {
            return 0;
        }
        long boot = present.boot() + (present.start() < until ? step : 0);
        List<Move> moves = new ArrayList<>();
        for (Run run : sessions.earlierOfBoot(present)) {
            long by = stepOf(run, present, boot, until, step);
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
            moved += move(move);
        }
        return step > 0 ? moved : moved + moveOwn(present, until, step);
    }

    private long stepOf(Run run, Run present, long boot, long until, long step) {
        if (!run.isComparable() || !present.isComparable()) {
            return run.start() < built && run.start() < until ? step : 0;
        }
        long difference = boot - run.boot();
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

    private long move(Move move) throws SQLException {
        Run run = move.run();
        ClockShift.requirePossible(run.start(), run.end() + 1, move.step());
        sessions.move(run, move.step());
        return shift.shift(run.number(), 0, Millis.END, move.step());
    }

    private static boolean isConfirmed(Run run, long boot) {
        return run.confirmed() && !isStep(run.boot() - boot);
    }

    private static boolean isStep(long millis) {
        return Math.abs(millis) > SMALLEST_STEP;
    }
}
