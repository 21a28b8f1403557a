package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A step of the work that crash tests do with a store. It follows from a seed and its index alone, so that a process that
 * was killed goes on where it was, and whoever looks at what it left knows what it did.
 *
 * @param seed of the whole work
 * @param index of this step, from 0
 * @param kind what it does
 */
record Operation(long seed, int index, Kind kind) {
    enum Kind {
        APPEND,
        NEXT,
        COMPLETE,
        CHECKPOINT,
        LOCK,
        UNLOCK,
        RESTART
    }

    /** What becomes of a sample in an outcome. */
    enum Fate {
        ACKNOWLEDGED,
        REJECTED,
        LEFT
    }

    /** A sample's place: series below {@link #TEXT} are numbers, from {@link #HIGH} on of high priority. */
    record Point(long timestamp, int series) implements Comparable<Point> {
        @Override
        public int compareTo(Point other) {
            int byTime = Long.compare(timestamp, other.timestamp);
            return byTime != 0 ? byTime : Integer.compare(series, other.series);
        }

        /** Mixed so that sums of it tell sets apart. */
        long hash() {
            return mix(timestamp * 31 + series);
        }

        static long mix(long x) {
            long y = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
            y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
            return y ^ (y >>> 31);
        }
    }

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final int HIGH = 5;
    static final int TEXT = 8;
    static final Metric NUMBER = Metric.gauge("work.value", Unit.NONE, "A value", "n");
    static final Metric NOTE = Metric.text("work.note", "A note");

    private static final int LATE_BY = 40;

    static Operation of(long seed, int index) {
        int roll = new Random(seed ^ Point.mix(index)).nextInt(1000);
        Kind kind = roll < 650 ? Kind.APPEND : roll < 820 ? Kind.NEXT : roll < 980 ? Kind.COMPLETE : Kind.CHECKPOINT;
        if (roll >= 987) {
            kind = roll < 992 ? Kind.LOCK : roll < 997 ? Kind.UNLOCK : Kind.RESTART;
        }
        return new Operation(seed, index, kind);
    }

    /** The time of this step. */
    Instant time() {
        return START.plusMillis(index);
    }

    /** What an append appends, in one batch: mostly at its own time, sometimes late, where much is delivered already. */
    List<Point> points() {
        Random random = random();
        long timestamp = time().toEpochMilli() - (random.nextInt(6) == 0 ? random.nextInt(LATE_BY) : 0);
        boolean high = random.nextInt(4) == 0;
        List<Point> points = new ArrayList<>();
        for (int series = high ? HIGH : 0; series < (high ? TEXT : HIGH); series++) {
            if (random.nextInt(8) != 0) {
                points.add(new Point(timestamp, series));
            }
        }
        if (!high && random.nextInt(10) == 0) {
            points.add(new Point(timestamp, TEXT));
        }
        return points;
    }

    /** The value that this step gives to a series: half of them whole. */
    double value(int series) {
        return (index * 8 + series) / 2.0;
    }

    /** The batch of an append. */
    SampleBatch batch() {
        List<Point> points = points();
        List<Sample> samples = new ArrayList<>();
        Instant time = time();
        boolean high = false;
        for (Point point : points) {
            time = Instant.ofEpochMilli(point.timestamp());
            high |= point.series() >= HIGH && point.series() < TEXT;
            samples.add(
                    point.series() == TEXT
                            ? NOTE.sample(Double.toString(value(TEXT)))
                            : NUMBER.sample(value(point.series()), Integer.toString(point.series())));
        }
        return new SampleBatch(time, "rig", new TreeMap<>(), high ? Priority.HIGH : Priority.NORMAL, samples);
    }

    /** What a delivery asks for. */
    DeliveryQuery query() {
        Random random = random();
        EnumSet<Priority> priorities =
                random.nextInt(4) == 0 ? EnumSet.of(Priority.HIGH) : EnumSet.allOf(Priority.class);
        return new DeliveryQuery(
                DESTINATION, DeliveryQuery.BEGINNING, DeliveryQuery.END, priorities, 1 + random.nextInt(200));
    }

    /** What an outcome makes of a sample: mostly all are acknowledged. */
    Fate fateOf(Point point) {
        if (random().nextInt(3) != 0) {
            return Fate.ACKNOWLEDGED;
        }
        int roll = new Random(seed ^ index ^ point.hash()).nextInt(100);
        return roll < 70 ? Fate.ACKNOWLEDGED : roll < 80 ? Fate.REJECTED : Fate.LEFT;
    }

    private Random random() {
        return new Random(seed + Point.mix(-1 - index));
    }
}
