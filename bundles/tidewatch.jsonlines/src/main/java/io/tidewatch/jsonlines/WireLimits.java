package io.tidewatch.jsonlines;

/**
 * What a server stores of a series. It ignores series over these limits, or cuts their labels, and answers 204.
 *
 * @param labels labels of a series at most, the name among them: {@code -maxLabelsPerTimeseries}
 * @param valueBytes bytes of a label's value at most, in UTF-8: {@code -maxLabelValueLen}
 */
public record WireLimits(int labels, int valueBytes) {
    /** The strictest defaults of all versions: 30 labels in 1.79 (40 later), 4,096 bytes since 1.108 (16 KiB before). */
    public static final WireLimits STRICTEST = new WireLimits(30, 4096);
}
