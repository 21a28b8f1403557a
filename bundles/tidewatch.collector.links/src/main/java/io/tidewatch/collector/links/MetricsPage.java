package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.ExpositionLimits;
import io.tidewatch.exposition.ExpositionParser;
import io.tidewatch.exposition.MalformedException;
import io.tidewatch.exposition.PageEnding;
import io.tidewatch.exposition.PageHandler;
import io.tidewatch.exposition.SampleLine;
import io.tidewatch.exposition.SeriesName;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.HttpAnswer;
import io.tidewatch.httpclient.HttpRequest;
import io.tidewatch.httpclient.HttpTarget;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics page of srtla_send, {@code --metrics-bind 127.0.0.1:9099}: series {@code srtla_send_link_rtt_ms{ip="10.0.0.2"}} and
 * the like. Known by their names; others are skipped, {@code srtla_send_link_bitrate_bps} among them, since it held bytes.
 *
 * <p>Source: srtla_send, src/metrics.rs.
 */
final class MetricsPage extends LinkSource {
    private static final String PREFIX = "srtla_send_";
    private static final String BYTES = PREFIX + "link_bitrate_bytes_per_second";
    private static final ExpositionLimits LIMITS = ExpositionLimits.DEFAULT.withPageBytes(1L << 20);

    private static final Map<String, LinkValue> NAMES = Map.of(
            PREFIX + "link_up", LinkValue.UP,
            PREFIX + "link_rtt_ms", LinkValue.RTT,
            PREFIX + "link_rtt_min_ms", LinkValue.RTT_MIN,
            PREFIX + "link_nak_total", LinkValue.NAKS,
            PREFIX + "link_window", LinkValue.WINDOW,
            PREFIX + "link_in_flight", LinkValue.IN_FLIGHT,
            PREFIX + "link_quality_multiplier", LinkValue.QUALITY,
            PREFIX + "link_stall_gated", LinkValue.STALLED,
            PREFIX + "link_stall_gate_events", LinkValue.STALLS,
            PREFIX + "link_silence_pulls", LinkValue.PAUSES);

    private final HttpRequest request;
    private final ExpositionParser parser = new ExpositionParser(LIMITS);

    MetricsPage(HttpTarget target) {
        super(Kind.METRICS_PAGE, "metrics page " + target.url());
        request = new HttpRequest(target, ExpositionFormat.ACCEPT, "", Optional.empty(), Optional.empty());
    }

    @Override
    Optional<List<LinkReading>> read(Uplinks uplinks, Deadline deadline, Diagnostics diagnostics) throws IOException {
        Reader reader = new Reader(uplinks, diagnostics);
        try {
            request.send(deadline, answer -> read(answer, reader));
        } catch (ConnectException e) {
            return Optional.empty(); // no sender runs
        } catch (IOException e) {
            throw failed(e);
        }
        List<LinkReading> links = new ArrayList<>(reader.links.values());
        if (reader.isLinkUnknown) {
            links.add(LinkReading.unknown());
        }
        return Optional.of(links);
    }

    private void read(HttpAnswer answer, Reader reader) throws IOException {
        if (answer.status() != 200) {
            throw new IOException("the answer is " + answer.status());
        }
        PageEnding ending = parser.parse(
                answer.body(), ExpositionFormat.of(answer.header("content-type")), answer.isDelimited(), reader);
        if (ending == PageEnding.TOO_LONG) {
            throw new IOException("it is longer than " + LIMITS.pageBytes() + " bytes");
        }
        if (!reader.isOfSender) {
            throw new IOException("it has no metric of srtla_send; set metrics.url to its --metrics-bind");
        }
    }

    /** Gathers the series of a page by link. */
    private static final class Reader implements PageHandler {
        private final Uplinks uplinks;
        private final Diagnostics diagnostics;
        private final Map<String, LinkReading> links = new LinkedHashMap<>();
        private boolean isOfSender;
        private int malformed;
        private int unknown;
        private boolean isLinkUnknown;

        Reader(Uplinks uplinks, Diagnostics diagnostics) {
            this.uplinks = uplinks;
            this.diagnostics = diagnostics;
        }

        @Override
        public void sample(SampleLine line) throws MalformedException {
            SeriesName series = line.series();
            isOfSender |= series.name().startsWith(PREFIX);
            LinkValue value = NAMES.get(series.name());
            if (value == null && !series.name().equals(BYTES)) {
                return;
            }
            String ip = series.labels().getOrDefault("ip", "");
            Optional<InetAddress> address = Uplinks.address(ip);
            isLinkUnknown |= address.isEmpty();
            if (address.isEmpty() || (!links.containsKey(ip) && links.size() == Uplinks.MOST)) {
                if (unknown++ == 0) {
                    diagnostics.damaged(
                            "ip",
                            series.name() + ": expected the address of one of " + Uplinks.MOST
                                    + " links at most, found '" + Quote.of(ip, LinkReading.LONGEST_QUOTE) + "'");
                }
                return;
            }
            LinkReading link = links.computeIfAbsent(ip, key -> new LinkReading(uplinks.name(address.get())));
            if (value == null) {
                link.put(LinkValue.BITRATE, line.value() * Byte.SIZE, series.name(), diagnostics);
            } else {
                link.put(value, line.value(), series.name(), diagnostics);
            }
        }

        @Override
        public void malformed(int line, int column, String message, String text) {
            if (malformed++ == 0) {
                diagnostics.damaged("malformed", "line " + line + ":" + column + ": " + message + ": " + text);
            }
        }
    }
}
