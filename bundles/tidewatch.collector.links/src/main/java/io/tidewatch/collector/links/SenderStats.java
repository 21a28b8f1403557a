package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.ArrayNode;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTypeException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The statistics documents of bonding senders. Both are arrays of objects, one per link:
 *
 * <ul>
 *   <li>{@code connections} of srtla-send-rs, in its statistics file and on its control socket: {@code bitrate_bps} is in
 *       bits per second, {@code conn_id} the place in the list of addresses, {@code iface} and {@code health} are newer.
 *       {@code links} of CeraUI's {@code status.linkTelemetry} has the same fields and {@code stale}
 *   <li>{@code links} of srtla_send, on its control socket: {@code ip}, {@code connected}, {@code timed_out}, and the rate in
 *       bytes as {@code bitrate_bytes_per_sec}. Older builds called that {@code bitrate_bps}, under which name a number of bytes
 *       and one of bits cannot be distinguished: it is left out there
 * </ul>
 *
 * <p>Senders without these statistics fill {@code rtt_ms} with 0 and {@code weight_percent} with 100 in every document: both
 * are then left out.
 */
final class SenderStats {
    private static final Map<String, LinkValue> NUMBERS = Map.ofEntries(
            Map.entry("rtt_ms", LinkValue.RTT),
            Map.entry("rtt_min_ms", LinkValue.RTT_MIN),
            Map.entry("nak_count", LinkValue.NAKS),
            Map.entry("window", LinkValue.WINDOW),
            Map.entry("in_flight", LinkValue.IN_FLIGHT),
            Map.entry("weight_percent", LinkValue.WEIGHT),
            Map.entry("quality_multiplier", LinkValue.QUALITY),
            Map.entry("stall_gate_events", LinkValue.STALLS),
            Map.entry("silence_pulls", LinkValue.PAUSES),
            Map.entry("bytes_sent_total", LinkValue.SENT));

    private static final String BITS = "bitrate_bps";
    private static final String BYTES = "bitrate_bytes_per_sec";
    private static final double CONSTANT_WEIGHT = 100;

    /** As Linux names interfaces: 15 characters without slashes and blanks. */
    private static final Pattern INTERFACE = Pattern.compile("[\\x21-\\x2e\\x30-\\x7e]{1,15}");

    private SenderStats() {}

    /** Returns the paths of what is read of each link of an array. */
    static Stream<JsonPath> paths(String... array) {
        Stream<String> fields = Stream.concat(
                NUMBERS.keySet().stream(),
                Stream.of(
                        BITS,
                        BYTES,
                        "conn_id",
                        "iface",
                        "ip",
                        "health",
                        "stale",
                        "connected",
                        "timed_out",
                        "stall_gated"));
        return fields.map(field -> JsonPath.ofFields(array).then(new JsonPath.Each(), new JsonPath.Field(field)));
    }

    /** @throws IOException if it is not one JSON object */
    static ObjectNode object(JsonTree tree, InputStream document) throws IOException {
        Node top = tree.read(document);
        if (top instanceof ObjectNode object) {
            return object;
        }
        throw new JsonTypeException("the document", "an object", top);
    }

    /** Returns the links of an array; nothing if it is missing or null. */
    static Optional<List<LinkReading>> links(ObjectNode object, String field, Uplinks uplinks, Diagnostics diagnostics)
            throws JsonTypeException {
        Node node = object.fields().get(field);
        if (node instanceof ArrayNode array) {
            List<LinkReading> links = new ArrayList<>();
            array.elements().forEach((index, element) -> {
                if (links.size() == Uplinks.MOST) {
                    return;
                }
                try {
                    if (element instanceof ObjectNode link) {
                        links.add(link(link, uplinks, diagnostics));
                    } else {
                        throw new JsonTypeException("the link", "an object", element);
                    }
                } catch (JsonTypeException e) {
                    diagnostics.damaged(field + " " + index, field + "[" + index + "]: " + e.getMessage());
                    links.add(LinkReading.unknown());
                }
            });
            if (array.elements().size() > Uplinks.MOST) {
                diagnostics.limited(
                        "links", "the sender has " + array.elements().size() + " links; " + Uplinks.MOST + " are read");
            }
            return Optional.of(links);
        }
        if (node != null && !isNull(node)) {
            throw new JsonTypeException(field, "an array", node);
        }
        return Optional.empty();
    }

    static boolean isNull(Node node) {
        return node instanceof JsonTree.Scalar scalar && scalar.type() == JsonTree.Scalar.Type.NULL;
    }

    private static LinkReading link(ObjectNode object, Uplinks uplinks, Diagnostics diagnostics)
            throws JsonTypeException {
        Optional<InetAddress> address = object.text("ip").flatMap(Uplinks::address);
        LinkReading link = new LinkReading(name(object, address, uplinks));
        boolean zeroRoundTrip = false;
        for (Map.Entry<String, LinkValue> number : NUMBERS.entrySet()) {
            OptionalDouble value = number(object, number.getKey(), link, diagnostics);
            if (value.isPresent()) {
                link.put(number.getValue(), value.getAsDouble(), number.getKey(), diagnostics);
                zeroRoundTrip |= number.getValue() == LinkValue.RTT && value.getAsDouble() == 0;
            }
        }
        if (zeroRoundTrip && link.value(LinkValue.WEIGHT).orElse(0) == CONSTANT_WEIGHT) {
            link.remove(LinkValue.WEIGHT);
        }
        number(object, BYTES, link, diagnostics)
                .ifPresent(bytes -> link.put(LinkValue.BITRATE, bytes * Byte.SIZE, BYTES, diagnostics));
        if (address.isEmpty()) {
            number(object, BITS, link, diagnostics)
                    .ifPresent(bits -> link.put(LinkValue.BITRATE, bits, BITS, diagnostics));
        }
        try {
            object.flag("stall_gated").ifPresent(stalled -> link.put(LinkValue.STALLED, stalled));
        } catch (JsonTypeException e) {
            diagnostics.damaged(link.name() + " stall_gated", "link " + link.name() + ": " + e.getMessage());
        }
        state(object, link, diagnostics);
        return link;
    }

    private static String name(ObjectNode object, Optional<InetAddress> address, Uplinks uplinks)
            throws JsonTypeException {
        Optional<String> named =
                object.text("iface").filter(name -> INTERFACE.matcher(name).matches());
        if (named.isPresent()) {
            return uplinks.unique(named.get());
        }
        if (address.isPresent()) {
            return uplinks.name(address.get());
        }
        Optional<String> placed = object.text("conn_id").flatMap(uplinks::name);
        if (placed.isEmpty()) {
            Node found = object.fields().getOrDefault("conn_id", new JsonTree.Container("none"));
            throw new JsonTypeException("conn_id", "a place in the list of addresses", found);
        }
        return placed.get();
    }

    /** Whether the link is up. A document that has it and says nothing else of it means that it is. */
    private static void state(ObjectNode object, LinkReading link, Diagnostics diagnostics) {
        try {
            boolean down = object.text("health").map("down"::equals).orElse(false)
                    || object.flag("timed_out").orElse(false)
                    || !object.flag("connected").orElse(true);
            link.put(LinkValue.UP, !down);
            if (object.flag("stale").orElse(false)) {
                link.goDown();
            }
        } catch (JsonTypeException e) {
            link.remove(LinkValue.UP);
            diagnostics.damaged(link.name() + " state", "link " + link.name() + ": " + e.getMessage());
        }
    }

    private static OptionalDouble number(ObjectNode object, String field, LinkReading link, Diagnostics diagnostics) {
        try {
            return object.number(field);
        } catch (JsonTypeException e) {
            diagnostics.damaged(link.name() + " " + field, "link " + link.name() + ": " + e.getMessage());
            return OptionalDouble.empty();
        }
    }
}
