package io.tidewatch.page.query;

/**
 * The times that values are wanted for: {@code start}, {@code start + step} and so on, none after {@code end}. In
 * milliseconds, since the epoch; the step is above zero.
 */
public record Range(long start, long end, long step) {
    /** As many points as Prometheus gives. */
    public static final int MOST_POINTS = 11_000;

    /** @throws BadQueryException if it has no time, or more than {@link #MOST_POINTS} */
    public static Range of(long start, long end, long step) throws BadQueryException {
        if (end < start) {
            throw new BadQueryException("end is before start; expected an end at or after start");
        }
        if (step <= 0) {
            throw new BadQueryException(
                    "step is zero or below; expected seconds above zero, or a duration such as 15s");
        }
        if ((end - start) / step >= MOST_POINTS) {
            throw new BadQueryException("start, end and step give more than " + MOST_POINTS
                    + " points; take a longer step, or a shorter range");
        }
        return new Range(start, end, step);
    }

    public int points() {
        return (int) ((end - start) / step) + 1;
    }

    public long time(int index) {
        return start + index * step;
    }

    /** Index of the first time at or after a moment: 0 for one before the range, {@link #points} for one after it. */
    int firstAtOrAfter(long moment) {
        if (moment <= start) {
            return 0;
        }
        return (int) Math.min((moment - start + step - 1) / step, points());
    }
}
