package io.tidewatch.itest.rivals;

import java.util.List;

/** What lies in the middle of several measurements, and how far apart they are. */
record Spread(double median, double least, double most) {

    /** @throws IllegalArgumentException if there are no values */
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("No values");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
