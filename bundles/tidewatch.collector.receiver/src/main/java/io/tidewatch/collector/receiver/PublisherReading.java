package io.tidewatch.collector.receiver;

import io.tidewatch.api.collector.Sample;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one pass learns of a publisher. A value that is absent is not known.
 *
 * @param publisher its tag, which is no secret
 * @param publishing whether it is connected; empty if that is not known
 * @param values in the units of their metrics
 */
record PublisherReading(
        String publisher, Optional<Boolean> publishing, Map<ReceiverValue, Double> values, LinkSummary links) {
    static PublisherReading offline(String publisher) {
        return without(publisher, Optional.of(false));
    }

    /** Returns one of which nothing is known but that it is on the page. */
    static PublisherReading unknown(String publisher) {
        return without(publisher, Optional.empty());
    }

    private static PublisherReading without(String publisher, Optional<Boolean> publishing) {
        return new PublisherReading(publisher, publishing, new EnumMap<>(ReceiverValue.class), LinkSummary.NONE);
    }

    /**
     * The links of a publisher as the receiver sees them: their number and their extremes, since their ids are new with each
     * connection and would be series without end.
     *
     * @param count how many there are
     * @param least bits per second of the weakest
     * @param most bits per second of the strongest
     */
    record LinkSummary(OptionalDouble count, OptionalDouble least, OptionalDouble most) {
        static final LinkSummary NONE =
                new LinkSummary(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    void addTo(List<Sample> samples) {
        publishing.ifPresent(now -> samples.add(ReceiverCollector.PUBLISHING.sample(now ? 1 : 0, publisher)));
        values.forEach((which, value) -> samples.add(which.metric.sample(value, publisher)));
        links.count().ifPresent(count -> samples.add(ReceiverCollector.LINKS.sample(count, publisher)));
        links.least().ifPresent(bps -> samples.add(ReceiverCollector.LINK_MIN.sample(bps, publisher)));
        links.most().ifPresent(bps -> samples.add(ReceiverCollector.LINK_MAX.sample(bps, publisher)));
    }
}
