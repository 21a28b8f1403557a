package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.Series;
import io.tidewatch.store.sqlite.history.NewestSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NewestSamplesTest {
    private static final Instant NOW = ManySamples.NOW;
    private static final Metric LEVEL = Metric.gauge("tank.level", Unit.PERCENT, "How full", "tank");
    private static final Duration EVERY = Duration.ofSeconds(7);
    private static final Metric NOTE = Metric.text("tank.note", "A note");

    private final NewestSamples newest = new NewestSamples();

    @Test
    void keepsTheNewestOfEachSeriesInTheOrderTheyCameUp() {
        append(NOW, LEVEL.sample(1, "b"), LEVEL.sample(2, "a"), NOTE.sample("full"));
        append(NOW.plusSeconds(2), LEVEL.sample(3, "a"));
        append(NOW.plusSeconds(1), LEVEL.sample(4, "a"), NOTE.sample("empty"));
        append(NOW.plusSeconds(2), LEVEL.sample(5, "a"), LEVEL.sample(Double.NaN, "b"));

        assertThat(newest.list())
                .containsExactly(
                        new NewestSample(level("b", Priority.NORMAL), NOW, 1, Optional.empty(), "How full", EVERY),
                        new NewestSample(
                                level("a", Priority.NORMAL),
                                NOW.plusSeconds(2),
                                3,
                                Optional.empty(),
                                "How full",
                                EVERY),
                        new NewestSample(
                                new Series(
                                        "tank.note",
                                        Kind.TEXT,
                                        Unit.NONE,
                                        "rig-1",
                                        new TreeMap<>(Map.of("site", "north")),
                                        Priority.NORMAL),
                                NOW.plusSeconds(1),
                                0,
                                Optional.of("empty"),
                                "A note",
                                EVERY));
    }

    @Test
    void followsTheStoreWhenItReplacesOrMovesTimes() {
        append(NOW.minus(Duration.ofDays(300)), LEVEL.sample(1, "a"));
        assertThat(newest.list()).extracting(NewestSample::time).containsExactly(NOW);

        newest.shifted(NOW, NOW.plusMillis(1), Duration.ofHours(3));
        assertThat(newest.list()).extracting(NewestSample::time).containsExactly(NOW.plus(Duration.ofHours(3)));

        newest.shifted(NOW, NOW.plus(Duration.ofHours(3)), Duration.ofHours(3));
        assertThat(newest.list()).extracting(NewestSample::time).containsExactly(NOW.plus(Duration.ofHours(3)));
    }

    @Test
    void takesPriorityUnitHelpAndIntervalOfTheNewest() {
        append(NOW, LEVEL.sample(1, "a"));
        Metric bytes = Metric.gauge("tank.level", Unit.BYTES, "Another meaning", "tank");
        newest.appended(
                new SampleBatch(
                        NOW.plusSeconds(1),
                        "rig-1",
                        new TreeMap<>(Map.of("site", "north")),
                        Priority.HIGH,
                        Duration.ofSeconds(8),
                        List.of(bytes.sample(2, "a"))),
                NOW);

        assertThat(newest.list())
                .extracting(
                        sample -> sample.series().unit(),
                        sample -> sample.series().priority(),
                        NewestSample::help,
                        NewestSample::interval)
                .containsExactly(tuple(Unit.BYTES, Priority.HIGH, "Another meaning", Duration.ofSeconds(8)));
    }

    @Test
    void aListMakesItsSamplesWhenTheyAreAskedFor() {
        append(NOW, LEVEL.sample(1, "a"));
        List<NewestSample> list = newest.list();
        append(NOW.plusSeconds(1), LEVEL.sample(2, "a"), LEVEL.sample(3, "b"));

        assertThat(list).extracting(NewestSample::value).containsExactly(2.0);
        assertThat(list.get(0)).isNotSameAs(list.get(0)).isEqualTo(list.get(0));
    }

    @Test
    void memoryIsBounded() {
        NewestSamples few = new NewestSamples(10);
        for (int i = 0; i < 95; i++) {
            few.appended(ManySamples.batch(NOW.plusSeconds(i), 0), NOW);
            few.appended(
                    new SampleBatch(NOW, "rig-" + i, new TreeMap<>(), Priority.NORMAL, List.of(LEVEL.sample(1, "a"))),
                    NOW);
        }

        assertThat(few.list()).hasSize(5);
    }

    private void append(Instant time, Sample... samples) {
        newest.appended(
                new SampleBatch(
                        time,
                        "rig-1",
                        new TreeMap<>(Map.of("site", "north")),
                        Priority.NORMAL,
                        EVERY,
                        List.of(samples)),
                NOW);
    }

    private static Series level(String tank, Priority priority) {
        return new Series(
                "tank.level",
                Kind.GAUGE,
                Unit.PERCENT,
                "rig-1",
                new TreeMap<>(Map.of("site", "north", "tank", tank)),
                priority);
    }
}
