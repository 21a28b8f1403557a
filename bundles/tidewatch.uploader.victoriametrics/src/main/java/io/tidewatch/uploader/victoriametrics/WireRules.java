package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.store.Series;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What VictoriaMetrics drops, cuts or merges without telling, checked before it is sent. Source: docs/delivery.md and
 * the server's limits {@code -maxLabelsPerTimeseries} (30) and {@code -maxLabelValueLen} (16 KiB).
 */
final class WireRules {
    private static final int MAX_LABELS = 30;
    private static final int MAX_VALUE_BYTES = 16 << 10;
    private static final Duration MAX_AHEAD = Duration.ofDays(2);

    private final Clock clock;

    WireRules(Clock clock) {
        this.clock = clock;
    }

    /** Why no sample of this series can be sent, or null. An empty tag value is no reason: it equals an absent tag. */
    @Nullable
    String brokenBy(Series series) {
        Set<String> labels = new HashSet<>();
        labels.add(LineWriter.NAME);
        labels.add(LineWriter.DEVICE);
        String broken = brokenValue(series.deviceId());
        for (Map.Entry<String, String> tag : series.tags().entrySet()) {
            if (broken != null) {
                return broken;
            }
            if (tag.getKey().isEmpty()) {
                return "label_name_empty";
            }
            if (tag.getValue().isEmpty()) {
                continue;
            }
            if (!labels.add(PrometheusName.ofTag(tag.getKey()))) {
                return "label_names_collide";
            }
            broken = brokenValue(tag.getValue());
        }
        return broken == null && labels.size() > MAX_LABELS ? "too_many_labels" : broken;
    }

    /** Why this sample cannot be sent, or null. */
    @Nullable
    String brokenBy(long timestamp, double value) {
        if (!Double.isFinite(value)) {
            return "not_finite";
        }
        if (timestamp <= 0) {
            return "timestamp_not_positive";
        }
        return timestamp > clock.millis() + MAX_AHEAD.toMillis() ? "timestamp_too_far_ahead" : null;
    }

    private static @Nullable String brokenValue(String value) {
        try {
            int bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(value))
                    .remaining();
            return bytes > MAX_VALUE_BYTES ? "label_value_too_long" : null;
        } catch (CharacterCodingException e) {
            return "label_value_not_unicode";
        }
    }
}
