package io.tidewatch.health;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.jsonlines.WireLabels;
import io.tidewatch.jsonlines.WireRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest samples in the text format of Prometheus, version 0.0.4, piece by piece: a reader that is slow costs the
 * list of samples and no copy of the page.
 *
 * <p>The samples have no timestamps. A sample with one would go on being found for five minutes after its series went,
 * and Prometheus refuses one that is older than what it has; without, the moment of the scrape is its time, which is late
 * by at most the collector's interval. What is older than three intervals is left out, so that it ends there.
 *
 * <p>Source: <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">exposition formats</a>. Not safe for
 * use by several threads.
 */
final class MetricsPage implements Iterator<byte[]> {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** So many intervals without a new sample: its series is stale. */
    private static final int INTERVALS = 3;

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Characters of a piece, or a little more: what Jetty takes at once. */
    private static final int PIECE = 4096;

    /** Above this not every whole number is a double. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private final StringBuilder piece = new StringBuilder(PIECE + 512);
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private final Iterator<Map.Entry<String, MetricFamily>> families;
    private Iterator<Map.Entry<MetricFamily.Labels, NewestSample>> samples = Collections.emptyIterator();
    private String name = "";
    private boolean ended;

    /** @param newest the newest sample of every series, which is read again while the page is made */
    MetricsPage(List<NewestSample> newest, Instant now) {
        Map<String, MetricFamily> byName = new TreeMap<>();
        for (int place = 0; place < newest.size(); place++) {
            NewestSample sample = newest.get(place);
            if (sample.series().kind() == Kind.TEXT || isStale(sample, now)) {
                continue;
            }
            Optional<String> objection = WireRules.objection(sample.series());
            if (objection.isPresent()) {
                leftOut.merge(objection.get(), 1, Integer::sum);
            } else {
                byName.computeIfAbsent(ScrapeName.of(sample.series()), key -> new MetricFamily(newest, sample))
                        .add(place, sample);
            }
        }
        families = byName.entrySet().iterator();
    }

    /** Whether the sample has had no successor for three intervals; an interval below a second counts as one. */
    static boolean isStale(NewestSample sample, Instant now) {
        Duration interval = sample.interval();
        if (interval.isZero()) {
            return false;
        }
        Duration limit = (interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval).multipliedBy(INTERVALS);
        return Duration.between(sample.time(), now).compareTo(limit) > 0;
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    @Override
    public byte[] next() {
        if (ended) {
            throw new NoSuchElementException("The page has ended");
        }
        piece.setLength(0);
        while (piece.length() < PIECE && !ended) {
            if (samples.hasNext()) {
                Map.Entry<MetricFamily.Labels, NewestSample> sample = samples.next();
                sample(sample.getKey(), sample.getValue());
            } else if (families.hasNext()) {
                Map.Entry<String, MetricFamily> family = families.next();
                begin(family.getKey(), family.getValue());
            } else {
                end();
            }
        }
        return piece.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void begin(String familyName, MetricFamily family) {
        name = familyName;
        samples = family.samples().entrySet().iterator();
        piece.append("# HELP ").append(name).append(' ');
        piece.append(escaped(family.help()));
        piece.append("\n# TYPE ").append(name).append(' ').append(family.type()).append('\n');
    }

    private void sample(MetricFamily.Labels labels, NewestSample sample) {
        piece.append(name).append('{');
        label(WireLabels.DEVICE, labels.deviceId());
        labels.tags().forEach((label, value) -> {
            piece.append(',');
            label(label, value);
        });
        piece.append("} ");
        double value = ScrapeName.value(sample.series(), sample.value());
        if (value == Math.rint(value) && Math.abs(value) <= LARGEST_WHOLE) {
            piece.append((long) value);
        } else {
            piece.append(value);
        }
        piece.append('\n');
    }

    private void label(String label, String value) {
        piece.append(label)
                .append("=\"")
                .append(escaped(value).replace("\"", "\\\""))
                .append('"');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private void end() {
        leftOut.forEach((reason, series) -> piece.append("# ")
                .append(series)
                .append(" series left out: ")
                .append(reason)
                .append('\n'));
        ended = true;
    }
}
