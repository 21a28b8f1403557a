package io.tidewatch.store.sqlite.clock;

import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the clock went ahead by more than a day unnoticed, from one session to the next or while one ran, and
 * no server has taken a sample since. The device may have been switched off, or its clock set to 2038: until that is
 * known, samples from before may be younger than they look.
 *
 * <p>It is known once a server takes samples, since nothing is sent by a clock that is a day off from the server's. It no
 * longer matters when so much time has passed since that the samples would be old anyway.
 */
public final class ClockJump {
    /** Each undetected step adds so much to the age of samples at most. */
    private static final long SMALLEST = Duration.ofDays(1).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(ClockJump.class);

    private final Database database;
    private final Clock clock;
    private final Boot boot;
    private boolean distrusted;
    private long lastMillis;
    private OptionalLong lastUptime;

    /** What the clock said after it was last seen to be set ahead by more than a day. */
    private long leap = Long.MAX_VALUE;

    public ClockJump(Database database, Clock clock, Boot boot) {
        this.database = database;
        this.clock = clock;
        this.boot = boot;
        lastMillis = clock.millis();
        lastUptime = boot.uptimeMillis();
    }

    /** The clock for the age of samples, in milliseconds since the epoch. */
    public long millis() {
        return clock.millis();
    }

    /** Whether the clock was set since this was asked last; no, where the time since the boot is not known. */
    public boolean wasSet() {
        OptionalLong uptime = boot.uptimeMillis();
        long now = clock.millis();
        boolean known = uptime.isPresent() && lastUptime.isPresent();
        long step = known ? now - lastMillis - (uptime.getAsLong() - lastUptime.getAsLong()) : 0;
        lastMillis = now;
        lastUptime = uptime;
        if (step > SMALLEST) {
            leap = now;
        }
        return Math.abs(step) > SessionShift.SMALLEST_STEP;
    }

    /** Whether samples may be younger than they look; {@code age} counts as old, in milliseconds. */
    public boolean makesYoungSamplesOld(long now, long age) throws SQLException {
        long jump = last(now);
        boolean before = distrusted;
        distrusted = now - age < jump && !isAcknowledged(jump, now);
        if (distrusted && !before) {
            LOG.info(
                    "The clock went ahead by more than a day up to {}, while the agent did not run or by being set:"
                            + " pending samples do not expire until a server takes some, or has not for pending.retention",
                    Instant.ofEpochMilli(jump));
        }
        return distrusted;
    }

    /** When the last leap ended; before any time if there was none. A later session is of a clock that was set back since. */
    private long last(long now) throws SQLException {
        long last = leap <= now ? leap : Long.MIN_VALUE;
        try (ResultSet row = database.sql("SELECT start_time, coalesce(end_time, start_time) FROM sessions"
                        + " WHERE start_time <= ? ORDER BY start_time")
                .query(now)) {
            long known = row.next() ? row.getLong(2) : 0;
            while (row.next()) {
                if (row.getLong(1) - known > SMALLEST) {
                    last = Math.max(last, row.getLong(1));
                }
                known = Math.max(known, row.getLong(2));
            }
        }
        return last;
    }

    private boolean isAcknowledged(long from, long until) throws SQLException {
        return database.sql("SELECT 1 FROM acknowledged WHERE time_ms BETWEEN ? AND ? LIMIT 1")
                        .number(from, until)
                > 0;
    }
}
