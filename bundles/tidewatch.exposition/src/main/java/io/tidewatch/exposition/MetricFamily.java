package io.tidewatch.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the comment lines of a page say of a metric.
 *
 * @param name name in its {@code # TYPE} or {@code # HELP} line
 * @param type its type; {@link Type#UNKNOWN} without a {@code # TYPE} line
 * @param help its help text, unescaped; empty if there is none
 */
public record MetricFamily(String name, Type type, String help) {
    /** The types of both formats; {@code untyped} is {@link #UNKNOWN}. Each has the suffixes of its samples. */
    public enum Type {
        /** Only grows. */
        COUNTER("_total", "_created"),
        /** Goes up and down. */
        GAUGE,
        /** Buckets, sum and count, which only grow. */
        HISTOGRAM("_bucket", "_sum", "_count", "_created"),
        /** Buckets, sum and count, which go up and down. */
        GAUGEHISTOGRAM("_bucket", "_gsum", "_gcount"),
        /** Quantiles, and sum and count, which only grow. */
        SUMMARY("_sum", "_count", "_created"),
        /** 0 or 1 per state. */
        STATESET,
        /** A 1 whose labels are the information. */
        INFO("_info"),
        /** Not declared. */
        UNKNOWN;

        @SuppressWarnings("ImmutableEnumChecker") // a list that nothing changes
        private final List<byte[]> suffixes;

        Type(String... suffixes) {
            this.suffixes = Stream.of(suffixes)
                    .map(suffix -> suffix.getBytes(StandardCharsets.US_ASCII))
                    .toList();
        }

        /** Returns the type that a {@code # TYPE} line names, or null; case does not matter, as for Prometheus. */
        static @Nullable Type named(String name) {
            String upper = name.toUpperCase(Locale.ROOT);
            return upper.equals("UNTYPED")
                    ? UNKNOWN
                    : Stream.of(values())
                            .filter(type -> type.name().equals(upper))
                            .findFirst()
                            .orElse(null);
        }

        boolean ownsSuffix(byte[] line, int from, int to) {
            for (byte[] suffix : suffixes) {
                if (Arrays.equals(suffix, 0, suffix.length, line, from, to)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Returns whether the values of a sample of this family only grow. */
    public boolean isCounter(String sampleName) {
        boolean suffixed = sampleName.length() > name.length();
        boolean growing = type == Type.COUNTER || ((type == Type.HISTOGRAM || type == Type.SUMMARY) && suffixed);
        // Not that of a counter whose own name ends so.
        return growing && !(suffixed && sampleName.endsWith("_created"));
    }
}
