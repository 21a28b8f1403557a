package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.engine.OverflowRing;
import io.tidewatch.store.sqlite.resilience.WaitingSamples;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OverflowRingTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level");
    private static final Metric NOTE = Metric.text("test.note", "A note");

    private final OverflowRing ring = new OverflowRing(10);

    @Test
    void takesAQuarterOfTheHeapAtMost() {
        WaitingSamples waiting = new WaitingSamples(
                Path.of("metrics.db"), 1_000_000, Clock.systemUTC(), 4 * 10 * OverflowRing.BYTES_PER_SAMPLE);
        for (int i = 0; i < 20; i++) {
            waiting.defer(entry(i, LEVEL.sample(i)).batch());
        }
        assertThat(waiting.count()).isEqualTo(10);
        waiting.resize(1_000_000);
        assertThat(waiting.count()).isEqualTo(10);
        assertThat(waiting.lost()).isEqualTo(10);
    }

    @Test
    void longTextsTakeMoreRoom() {
        ring.add(entry(0, NOTE.sample("x".repeat(1_000))));
        ring.add(entry(1, NOTE.sample("x".repeat(1_000))));
        assertThat(ring.dropped()).isZero();
        ring.add(entry(2, NOTE.sample("x".repeat(1_000))));

        assertThat(ring.dropped()).isEqualTo(1);
        assertThat(times()).containsExactly(NOW.plusSeconds(1), NOW.plusSeconds(2));
    }

    @Test
    void samplesThatWaitMoveWithTheClock() {
        ring.add(entry(0, LEVEL.sample(1)));
        ring.add(entry(10, LEVEL.sample(2), NOTE.sample("moved, not counted")));
        ring.add(entry(20, LEVEL.sample(3)));

        assertThat(ring.shift(NOW.plusSeconds(10), NOW.plusSeconds(20), Duration.ofDays(1)))
                .isEqualTo(1);

        assertThat(times()).containsExactly(NOW, NOW.plusSeconds(86_410), NOW.plusSeconds(20));
        assertThat(ring.oldest(100).get(1).arrival())
                .as("or it would be taken for far from the clock")
                .isEqualTo(NOW.plusSeconds(86_410));
        assertThat(ring.samples()).isEqualTo(4);
    }

    private List<Instant> times() {
        return ring.oldest(100).stream().map(entry -> entry.batch().timestamp()).toList();
    }

    private static OverflowRing.Entry entry(int second, Sample... samples) {
        Instant time = NOW.plusSeconds(second);
        return new OverflowRing.Entry(
                new SampleBatch(time, "rig", new TreeMap<>(), Priority.NORMAL, List.of(samples)), time);
    }
}
