package io.tidewatch.collector.links;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How evenly a stream is spread over its links: Jain's fairness index of their bitrates,
 *
 * <pre>
 * spread = (x1 + … + xn)² / (n · (x1² + … + xn²))
 * </pre>
 *
 * <p>1 when all n links carry the same, 1/n when one carries everything: 0.25 of four links. Links that are not up, or whose
 * bitrate is not known, do not count; a link that is up and carries nothing does. With fewer than two links, or without any
 * traffic, there is no spread.
 *
 * <p>Source: Jain, Chiu, Hawe: A Quantitative Measure of Fairness and Discrimination, DEC-TR-301, 1984.
 */
final class Spread {
    private Spread() {}

    static OptionalDouble of(List<LinkReading> links) {
        double[] bitrates = links.stream()
                .filter(LinkReading::isUp)
                .flatMapToDouble(link -> link.value(LinkValue.BITRATE).stream())
                .toArray();
        double sum = 0;
        double squares = 0;
        for (double bitrate : bitrates) {
            sum += bitrate;
            squares += bitrate * bitrate;
        }
        return bitrates.length < 2 || squares == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(sum * sum / (bitrates.length * squares));
    }
}
