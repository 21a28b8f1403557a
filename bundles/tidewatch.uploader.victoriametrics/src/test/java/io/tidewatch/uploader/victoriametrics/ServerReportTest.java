package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server reports about itself: its limits, what it drops, and in a cluster the end of a storage node. */
final class ServerReportTest {
    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @Test
    void labelsAreWithinTheLimitsOfTheServer() throws Exception {
        rig.flags = Map.of("maxLabelsPerTimeseries", "40", "maxLabelValueLen", "4096");
        appendLarge(4097);
        appendLabels(35);
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();
        rig.cycle();

        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined().values()).containsExactly("label_value_too_long");
        assertThat(rig.receiver.samples()).hasSize(2);
    }

    @Test
    void anOlderServerHasOtherLimits() throws Exception {
        rig.flags = Map.of("maxLabelsPerTimeseries", "30", "maxLabelValueLen", "16384");
        appendLarge(16_000);
        appendLabels(35);
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();
        rig.cycle();

        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined().values()).containsExactly("too_many_labels");
        assertThat(rig.receiver.samples()).hasSize(2);
    }

    @Test
    void aServerThatReportsNoLimitsHasTheStrictest() throws Exception {
        rig.serverStart = null;
        appendLarge(4097);
        appendLabels(31);
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();
        rig.cycle();

        assertThat(rig.list.quarantined().values())
                .containsExactlyInAnyOrder("label_value_too_long", "too_many_labels");
    }

    @Test
    void theServerIsAskedForItsLimitsAlsoIfNothingElseIsSent() throws Exception {
        rig.flags = Map.of("maxLabelsPerTimeseries", "40", "maxLabelValueLen", "16384");
        appendLarge(16_000);
        rig.cycle();
        assertThat(rig.list.pending()).hasSize(1);
        rig.cycle();
        rig.cycle();

        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).isEmpty();
        assertThat(rig.receiver.samples()).hasSize(1);
    }

    @Test
    void theEndOfAStorageNodeIsARestart() throws Exception {
        rig.storageErrors = 3;
        cycles(40);
        Instant died = rig.now;
        assertThat(rig.report.figures().resent()).isZero();

        rig.storageErrors = 4;
        cycles(35);
        assertThat(rig.report.figures().resent()).isPositive();
        assertThat(rig.receiver.samples().stream()
                        .filter(sample ->
                                sample.timestamp() >= died.minusSeconds(30).toEpochMilli()
                                        && sample.timestamp() < died.toEpochMilli())
                        .map(sample -> sample.timestamp())
                        .filter(time -> rig.receiver.samples().stream()
                                        .filter(sample -> sample.timestamp() == time)
                                        .count()
                                == 1))
                .as("samples before its end that were not resent")
                .isEmpty();

        long once = rig.report.figures().resent();
        cycles(70);
        assertThat(rig.report.figures().resent()).isEqualTo(once);
    }

    @Test
    void theEndOfAStorageNodeWhileTheAgentIsOffIsARestart() throws Exception {
        rig.storageErrors = 3;
        cycles(5);
        rig.stop();
        try (Rig next = rig.restarted()) {
            next.storageErrors = 4;
            next.advance(Duration.ofMinutes(30));
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();

            assertThat(next.report.figures().resent()).isPositive();
        }
    }

    @Test
    void samplesThatTheServerDropsAreAHint() throws Exception {
        rig.ignored = Map.of("small_timestamp", 100L, "big_timestamp", 0L);
        cycles(40);
        assertThat(rig.health().details()).doesNotContainKey("server_hints");

        rig.ignored = Map.of("small_timestamp", 112L, "big_timestamp", 0L);
        cycles(35);
        assertThat(rig.health().status()).isEqualTo(Status.OK);
        assertThat(rig.health().details().get("server_hints").toString())
                .contains("ignored 12 samples (small_timestamp)", "see its /metrics");

        cycles(35);
        assertThat(rig.health().details()).doesNotContainKey("server_hints");
    }

    @Test
    void aBacklogOlderThanTheServerKeepsIsAHint() throws Exception {
        rig.flags = Map.of("retentionPeriod", "7d", "maxBackfillAge", "1d");
        rig.append(rig.now.minus(Duration.ofDays(10)), Priority.NORMAL, 60);
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.configure("backlog.bandwidth", "100B", "chunk.size", "1");
        rig.cycle();

        assertThat(rig.health().details().get("server_hints").toString())
                .contains("-retentionPeriod (7d)", "-maxBackfillAge (1d)");
    }

    private void cycles(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            rig.append(rig.now, Priority.NORMAL, 1);
            rig.cycle();
        }
        assertThat(new HashSet<>(rig.receiver.samples())).hasSizeGreaterThan(1);
    }

    private void appendLarge(int bytes) throws Exception {
        Metric metric = Metric.gauge("test.large", Unit.NONE, "A test", "text");
        append(metric, "x".repeat(bytes));
    }

    /** With name and device as many labels. */
    private void appendLabels(int labels) throws Exception {
        String[] tags = new String[labels - 2];
        Arrays.setAll(tags, i -> "t" + i);
        String[] values = new String[tags.length];
        Arrays.fill(values, "x");
        append(Metric.gauge("test.many", Unit.NONE, "A test", tags), values);
    }

    private void append(Metric metric, String... tags) throws Exception {
        rig.list.append(
                new SampleBatch(rig.now, "rig-1", new TreeMap<>(), Priority.NORMAL, List.of(metric.sample(1, tags))));
    }
}
