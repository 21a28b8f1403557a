package io.tidewatch.store.sqlite;

import java.util.Arrays;

/**
 * Tells the samples of this session from older ones of the same times: a clock that begins in the past runs through times
 * that earlier sessions have filled already. Costs 8 bytes per pass that falls among older samples. Not safe for use by
 * several threads.
 */
final class OwnTimes {
    /** Some days of passes every few seconds; those behind the last one that fits count as own. */
    static final int MOST = 50_000;

    private final long foreignFrom;
    private final long foreignUntil;
    private long[] times = {};
    private int size;
    private boolean full;

    /**
     * @param foreignFrom time of the first older sample that the session may run into
     * @param foreignUntil time of the last one; before the first: there is none
     */
    OwnTimes(long foreignFrom, long foreignUntil) {
        this.foreignFrom = foreignFrom;
        this.foreignUntil = foreignUntil;
    }

    /** A sample of this session was stored at this time. */
    void add(long time) {
        if (!isAmongOthers(time)) {
            return;
        }
        int at = Arrays.binarySearch(times, 0, size, time);
        if (at >= 0) {
            return;
        }
        if (size == MOST) {
            full = true;
            return;
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, Math.min(MOST, Math.max(64, size * 2)));
        }
        int place = -at - 1;
        System.arraycopy(times, place, times, place + 1, size - place);
        times[place] = time;
        size++;
    }

    /** Whether a sample at this time, which is in the session's stretch of time, is of this session. */
    boolean contains(long time) {
        return !isAmongOthers(time)
                || Arrays.binarySearch(times, 0, size, time) >= 0
                || (full && time > times[size - 1]);
    }

    /** The samples of this session from {@code from} to before {@code until} were moved. */
    void moved(long from, long until, long step) {
        long[] before = Arrays.copyOf(times, size);
        size = 0;
        full = false;
        for (long time : before) {
            add(time >= from && time < until ? time + step : time);
        }
    }

    private boolean isAmongOthers(long time) {
        return time >= foreignFrom && time <= foreignUntil;
    }
}
