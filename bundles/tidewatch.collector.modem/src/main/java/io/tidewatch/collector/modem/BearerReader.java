package io.tidewatch.collector.modem;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.collector.modem.Reconnects.Connection;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.process.NoAnswerException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the connection of a modem: {@code mmcli -b N -J}. Its document has the APN and its password, of which nothing is kept. mmcli
 * prints a statistic of 0 as {@code --}, like an unknown one.
 */
final class BearerReader {
    /** Bearers that are asked for the one that is connected, from the newest on. */
    private static final int MOST_ASKED = 3;

    private static final Pattern PATH = Pattern.compile("/org/freedesktop/ModemManager1/Bearer/[0-9]{1,9}");

    private final JsonTree tree = new JsonTree(List.of(
            JsonPath.ofFields("bearer", "status", "connected"),
            JsonPath.ofFields("bearer", "stats", "duration"),
            JsonPath.ofFields("bearer", "stats", "bytes-rx"),
            JsonPath.ofFields("bearer", "stats", "bytes-tx"),
            JsonPath.ofFields("bearer", "stats", "attempts"),
            JsonPath.ofFields("bearer", "stats", "failed-attempts")));

    /**
     * Adds the statistics of the bearer that is connected, else of the newest one, of which the age is that of an ended connection
     * and left out.
     *
     * @param bearers paths of the bearers of a modem, the newest last
     * @throws NoAnswerException if one of them cannot be read
     */
    Connection read(Mmcli mmcli, List<String> bearers, ModemId id, ModemSamples samples, Diagnostics diagnostics)
            throws NoAnswerException, InterruptedException {
        Document newest = null;
        String path = null;
        int asked = 0;
        for (int i = bearers.size() - 1; i >= 0 && asked < MOST_ASKED; i--) {
            if (!PATH.matcher(bearers.get(i)).matches()) {
                diagnostics.damaged(id.name() + " bearers", id.name() + ": a bearer of it has no path of a bearer");
                continue;
            }
            asked++;
            Document document = new Document(mmcli.ask(tree, "-b", bearers.get(i)), id.name(), diagnostics);
            boolean connected = isConnected(document);
            if (newest == null || connected) {
                newest = document;
                path = bearers.get(i);
            }
            if (connected) {
                break;
            }
        }
        return newest == null ? Connection.UNKNOWN : new Connection(path, statistics(newest, samples));
    }

    /** Adds them and returns the age. */
    private static OptionalDouble statistics(Document document, ModemSamples samples) {
        document.has("bearer", "stats");
        samples.number(ModemMetrics.RX_BYTES, "bytes-rx", stat(document, "bytes-rx"), Range.COUNT);
        samples.number(ModemMetrics.TX_BYTES, "bytes-tx", stat(document, "bytes-tx"), Range.COUNT);
        samples.number(ModemMetrics.ATTEMPTS, "attempts", stat(document, "attempts"), Range.COUNT);
        samples.number(ModemMetrics.FAILED_ATTEMPTS, "failed-attempts", stat(document, "failed-attempts"), Range.COUNT);
        String duration = isConnected(document) ? stat(document, "duration") : null;
        return samples.number(ModemMetrics.DURATION, "duration", duration, Range.COUNT);
    }

    private static boolean isConnected(Document document) {
        return "yes".equals(document.text("bearer", "status", "connected"));
    }

    private static @Nullable String stat(Document document, String name) {
        return document.text("bearer", "stats", name);
    }
}
