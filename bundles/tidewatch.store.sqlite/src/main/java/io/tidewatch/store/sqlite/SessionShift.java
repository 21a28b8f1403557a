package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.SessionClock;
import io.tidewatch.store.sqlite.Sessions.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the samples of a boot on one clock. The start of a session minus the time since the boot is the boot moment by its
 * clock; where two sessions of a boot differ in that, the clock stepped between them. Not safe for use by several threads.
 */
final class SessionShift {
    /** A clock that runs a little fast or slow did not step. */
    private static final long SMALLEST_STEP = 2000;

    private static final SessionClock UNKNOWN = new SessionClock(Duration.ZERO, false);

    private final ClockShift shift;
    private final SampleTable samples;
    private final Sessions sessions;
    private final long built;
    private long opened;
    private OwnTimes own = new OwnTimes(0, -1);

    /** What has moved of this session, once it is committed. */
    private @Nullable OwnMove ownMove;

    private record Move(Run run, long step) {}

    private record OwnMove(long from, long until, long step) {}

    /** @param built when the agent was built, in milliseconds since the epoch: a clock that shows less was never set */
    SessionShift(ClockShift shift, SampleTable samples, Sessions sessions, long built) {
        this.shift = shift;
        this.samples = samples;
        this.sessions = sessions;
        this.built = built;
    }

    /** This session begins. */
    void begin(long now) throws SQLException {
        opened = now;
        own = new OwnTimes(samples.oldestFrom(now), samples.newest());
    }

    /** A sample of this session was stored; it may have waited in memory since before the database could be opened. */
    void stored(long time) throws SQLException {
        own.add(time);
        if (time < opened) {
            sessions.beginsAt(time);
        }
    }

    /**
     * Moves this session onto the clock of the earlier ones of this boot, in the caller's transaction.
     *
     * @param now milliseconds since the epoch by the clock of the system
     * @param uptime milliseconds since the boot
     * @return that clock
     */
    SessionClock continueClock(long now, OptionalLong uptime) throws SQLException {
        ownMove = null;
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
     * @param step milliseconds to add
     */
    long clockSet(long until, long step) throws SQLException {
        ownMove = null;
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
        LongPredicate isOwn = time -> step < 0 && time >= present.start() && own.contains(time);
        // No session arrives where another has yet to leave: into the future the latest goes first.
        long moved = 0;
        if (step > 0) {
            Collections.reverse(moves);
            moved += moveOwn(present, until, step);
        }
        for (Move move : moves) {
            moved += move(move, until, isOwn);
        }
        return step > 0 ? moved : moved + moveOwn(present, until, step);
    }

    /** The transaction of the last move was committed. */
    void committed() {
        OwnMove move = ownMove;
        if (move != null) {
            own.moved(move.from(), move.until(), move.step());
            opened += move.step();
            ownMove = null;
        }
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
        if (present.start() >= until) {
            return 0;
        }
        ClockShift.requirePossible(present.start(), until, step);
        long moved = shift.shift(present.start(), until, step, own::contains);
        ownMove = new OwnMove(present.start(), until, step);
        sessions.move(present, step);
        return moved;
    }

    private long move(Move move, long until, LongPredicate isOwn) throws SQLException {
        Run run = move.run();
        long end = run.isComparable() ? run.end() + 1 : Math.min(run.end() + 1, until);
        ClockShift.requirePossible(run.start(), end, move.step());
        // A clock that was never set runs through times that no sample can have.
        List<long[]> others = run.start() < built ? List.of() : sessions.ofOtherBoots(run.start(), run.end());
        long moved = shift.shift(
                run.start(),
                end,
                move.step(),
                time -> !isOwn.test(time) && others.stream().noneMatch(other -> time >= other[0] && time <= other[1]));
        sessions.move(run, move.step());
        return moved;
    }

    private static boolean isConfirmed(Run run, long boot) {
        return run.confirmed() && !isStep(run.boot() - boot);
    }

    private static boolean isStep(long millis) {
        return Math.abs(millis) > SMALLEST_STEP;
    }
}
