package io.tidewatch.collector.receiver;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.collector.receiver.PublisherReading.LinkSummary;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonPath.Each;
import io.tidewatch.json.JsonPath.EachField;
import io.tidewatch.json.JsonPath.Field;
import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.ArrayNode;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTypeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The statistics pages of SLS and its kin, by their shapes:
 *
 * <pre>
 * {"publisher":{"bitrate":16363,"buffer":1995,"dropped_pkts":45,"latency":2000,"rtt":30.2,"uptime":3600},"status":"ok"}
 * {"publishers":{"live":{"bitrate":0,"msRcvBuf":0,"pktRcvDrop":0,"rtt":23.702,"uptime":0,…}},"status":"ok"}
 * {"publishers":{"key":{"bitrate":4500,"rtt":45,"dropped_pkts":0}}}
 * {"message":"Publisher is currently not streaming","status":"ok"}
 * {"message":"Invalid player key","status":"error"}
 * </pre>
 *
 * <p>The third one is of BELABOX cloud, which tells by the bitrate alone: 0 is a publisher that is not connected, 1 one whose
 * bitrate is not known at the moment. Elsewhere a connected publisher may have the bitrate 0.
 *
 * <p>Not safe for use by several threads.
 */
final class StatsPage {
    /** Publishers of a page at most. */
    static final int MOST = 32;

    private static final int LONGEST_QUOTE = 80;
    private static final String PEERS = "peers";
    private static final String CLOUD_FIELD = "dropped_pkts";
    private static final double KBIT = 1_000;

    private final Publishers publishers;
    private final Optional<String> only;
    private final JsonTree tree;

    /** @param only tag of the publisher that the page is about; nothing if it is about all of them */
    StatsPage(Publishers publishers, Optional<String> only) {
        this.publishers = publishers;
        this.only = only;
        List<JsonPath> paths = new ArrayList<>();
        paths.add(JsonPath.ofFields("status"));
        paths.add(JsonPath.ofFields("message"));
        addPaths(paths, JsonPath.ofFields("publisher"));
        addPaths(paths, JsonPath.ofFields("publishers").then(new EachField()));
        tree = new JsonTree(paths);
    }

    private static void addPaths(List<JsonPath> paths, JsonPath publisher) {
        for (ReceiverValue value : ReceiverValue.values()) {
            value.fields.forEach(field -> paths.add(publisher.then(new Field(field))));
        }
        paths.add(publisher.then(new Field(PEERS), new Each(), new Field("bitrate")));
    }

    /**
     * Returns the publishers of the page, also those that are not read; throws if it says that the request is wrong.
     */
    List<PublisherReading> read(InputStream page, Diagnostics diagnostics) throws IOException {
        if (!(tree.read(page) instanceof ObjectNode document)) {
            throw new IOException("it is no JSON object");
        }
        String message = document.text("message").orElse("");
        boolean absent = message.endsWith("not streaming") || message.equals("publisher not found");
        if (!absent && document.text("status").orElse("ok").equals("error")) {
            throw new IOException("it says '" + Quote.of(message, LONGEST_QUOTE) + "'");
        }
        Node one = document.fields().get("publisher");
        Node several = document.fields().get("publishers");
        List<PublisherReading> found = new ArrayList<>();
        if (one instanceof ObjectNode publisher) {
            found.add(publisher(only.orElseGet(() -> publishers.tag("")), publisher, false, diagnostics));
        } else if (several instanceof ObjectNode all) {
            addAll(all, found, diagnostics);
        } else if (one != null) {
            throw new JsonTypeException("publisher", "an object", one);
        } else if (several != null) {
            throw new JsonTypeException("publishers", "an object", several);
        } else if (!absent) {
            throw new IOException("it has neither publisher nor publishers; set url to a statistics page");
        }
        return found;
    }

    private void addAll(ObjectNode all, List<PublisherReading> found, Diagnostics diagnostics) {
        for (Map.Entry<String, Node> entry : all.fields().entrySet()) {
            // OpenIRL calls the only publisher of its older shape live.
            String tag = only.isPresent() && all.fields().size() == 1 ? only.get() : publishers.tag(entry.getKey());
            if (found.size() >= MOST) {
                found.add(PublisherReading.unknown(tag));
            } else if (entry.getValue() instanceof ObjectNode publisher) {
                boolean cloud = publisher.fields().containsKey(CLOUD_FIELD);
                found.add(publisher(tag, publisher, cloud, diagnostics));
            } else {
                diagnostics.damaged(
                        "publisher " + tag, "publisher " + tag + ": expected an object, found something else");
                found.add(PublisherReading.unknown(tag));
            }
        }
        if (all.fields().size() > MOST) {
            diagnostics.limited(
                    "publishers", all.fields().size() + " publishers are on the page; " + MOST + " are read");
        }
    }

    private static PublisherReading publisher(String tag, ObjectNode object, boolean cloud, Diagnostics diagnostics) {
        Map<ReceiverValue, Double> values = new EnumMap<>(ReceiverValue.class);
        for (ReceiverValue which : ReceiverValue.values()) {
            for (String field : which.fields) {
                number(tag, object, field, which, diagnostics).ifPresent(value -> values.put(which, value));
            }
        }
        if (values.getOrDefault(ReceiverValue.RTT, 1.0) == 0) {
            values.remove(ReceiverValue.RTT); // never measured
        }
        if (cloud) {
            double bitrate = values.getOrDefault(ReceiverValue.BITRATE, KBIT);
            if (bitrate == 0) {
                return PublisherReading.offline(tag);
            }
            if (bitrate == KBIT) {
                values.remove(ReceiverValue.BITRATE);
            }
        }
        return new PublisherReading(tag, Optional.of(true), values, links(tag, object, diagnostics));
    }

    private static OptionalDouble number(
            String tag, ObjectNode object, String field, ReceiverValue which, Diagnostics diagnostics) {
        try {
            OptionalDouble value = object.number(field);
            if (value.isEmpty() || which.accepts(which.converted(value.getAsDouble()))) {
                return value.isEmpty() ? value : OptionalDouble.of(which.converted(value.getAsDouble()));
            }
            diagnostics.damaged(
                    tag + " " + field,
                    field + " of publisher " + tag + " is " + value.getAsDouble()
                            + ", which cannot be; the value is left out");
        } catch (JsonTypeException e) {
            diagnostics.damaged(tag + " " + field, "publisher " + tag + ": " + e.getMessage());
        }
        return OptionalDouble.empty();
    }

    private static LinkSummary links(String tag, ObjectNode object, Diagnostics diagnostics) {
        if (!(object.fields().get(PEERS) instanceof ArrayNode peers)) {
            return LinkSummary.NONE;
        }
        List<Double> bitrates = new ArrayList<>();
        for (Node peer : peers.elements().values()) {
            if (peer instanceof ObjectNode link) {
                number(tag, link, "bitrate", ReceiverValue.BITRATE, diagnostics).ifPresent(bitrates::add);
            }
        }
        // An extreme of some of the links is none.
        boolean known = bitrates.size() == peers.elements().size();
        return new LinkSummary(
                OptionalDouble.of(peers.elements().size()),
                known ? bitrates.stream().mapToDouble(Double::doubleValue).min() : OptionalDouble.empty(),
                known ? bitrates.stream().mapToDouble(Double::doubleValue).max() : OptionalDouble.empty());
    }
}
