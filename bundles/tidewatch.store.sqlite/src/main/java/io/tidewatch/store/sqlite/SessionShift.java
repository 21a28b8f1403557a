package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.Sessions.Run;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Moves sessions in time whose clock was set later on. Those that began before the agent was built ran on a clock that
 * was never set: if they are of this boot, the time since the boot tells by how much. Not safe for use by several threads.
 */
final class SessionShift {
    /** A clock that runs a little fast or slow was not set. */
    private static final long SMALLEST_STEP = 2000;

    private final ClockShift shift;
    private final SampleTable samples;
    private final Sessions sessions;
    private final long built;
    private long opened;
    private OwnTimes own = new OwnTimes(0, -1);

    /** @param built when the agent was built, in milliseconds since the epoch */
    SessionShift(ClockShift shift, SampleTable samples, Sessions sessions, long built) {
        this.shift = shift;
        this.samples = samples;
        this.sessions = sessions;
        this.built = built;
    }

    /**
     * This session begins: moves earlier ones of this boot to their true time if the clock was set since. In the caller's
     * transaction.
     *
     * @param now milliseconds since the epoch
     * @param uptime milliseconds since the boot
     * @return how many samples moved
     */
    long begin(long now, OptionalLong uptime) throws SQLException {
        long moved = 0;
        if (now >= built && uptime.isPresent()) {
            for (Run run : sessions.onAClockNeverSet(built)) {
                long step = now - uptime.getAsLong() - (run.start() - run.uptime());
                // No session lasted longer than the machine has been up since.
                long end = Math.min(run.end(), run.start() + uptime.getAsLong() - run.uptime()) + 1;
                if (run.uptime() >= 0 && step > SMALLEST_STEP) {
                    moved += move(run, end, step);
                }
            }
        }
        opened = now;
        own = new OwnTimes(samples.oldestFrom(now), samples.newest());
        return moved;
    }

    /** A sample of this session was stored; it may have waited in memory since before the database could be opened. */
    void stored(long time) throws SQLException {
        own.add(time);
        if (time < opened) {
            sessions.beginsAt(time);
        }
    }

    /**
     * The clock was set: moves what this run of the machine stamped before, in the caller's transaction.
     *
     * @param until what the clock would say without, in milliseconds
     * @param step milliseconds to add
     */
    long clockSet(long until, long step) throws SQLException {
        long start = sessions.start();
        long moved = 0;
        for (Run run : sessions.onAClockNeverSet(built)) {
            moved += move(run, Math.min(run.end() + 1, until), step);
        }
        if (start < until) {
            ClockShift.requirePossible(start, until, step);
            moved += shift.shift(start, until, step, own::contains);
            own.moved(start, until, step);
            sessions.shift(start, until, step);
        }
        return moved;
    }

    private long move(Run run, long until, long step) throws SQLException {
        if (run.start() >= until) {
            return 0;
        }
        ClockShift.requirePossible(run.start(), until, step);
        long moved = shift.shift(run.start(), until, step, time -> true);
        sessions.move(run, step);
        return moved;
    }
}
