package io.tidewatch.collector.modem;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.json.Decimal;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.process.NoAnswerException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the signal of a modem by technology: {@code mmcli -m N --signal-get -J}. ModemManager has no values until it was told to poll
 * them, by {@code --signal-setup}, which only root may do.
 */
final class SignalReader {
    /** Those of ModemManager; cdma1x and evdo have no values of the kinds below but RSSI. */
    private static final List<String> TECHNOLOGIES = List.of("gsm", "umts", "lte", "5g", "cdma1x", "evdo");

    private record Value(String name, Metric metric, Range range) {}

    private static final List<Value> VALUES = List.of(
            new Value("rsrp", ModemMetrics.RSRP, Range.RSRP),
            new Value("rsrq", ModemMetrics.RSRQ, Range.RSRQ),
            new Value("snr", ModemMetrics.SNR, Range.SNR),
            new Value("rssi", ModemMetrics.RSSI, Range.RSSI));

    private static final String[] RATE = {"modem", "signal", "refresh", "rate"};
    private static final String NOTE = "signal";

    private final JsonTree tree = tree();

    /** Modems whose signal is not polled, with the command that has it polled. Of this pass. */
    private final TreeMap<String, String> unpolled = new TreeMap<>();

    void beginPass() {
        unpolled.clear();
    }

    /**
     * Adds the signal of a modem.
     *
     * @throws NoAnswerException if it cannot be read
     */
    void read(Mmcli mmcli, String path, ModemId id, ModemSamples samples, Diagnostics diagnostics)
            throws NoAnswerException, InterruptedException {
        Document document = new Document(mmcli.ask(tree, "-m", path, "--signal-get"), id.name(), diagnostics);
        if (!document.has("modem", "signal")) {
            return;
        }
        boolean known = false;
        for (String technology : TECHNOLOGIES) {
            for (Value value : VALUES) {
                String text = document.text("modem", "signal", technology, value.name());
                known |= text != null;
                samples.number(value.metric(), technology + " " + value.name(), text, value.range(), technology);
            }
        }
        if (!known && !isPolled(document.text(RATE))) {
            unpolled.put(id.name(), "mmcli -m " + path.substring(path.lastIndexOf('/') + 1) + " --signal-setup=10");
        }
    }

    /** Ends a pass: reports the modems whose signal is not polled. */
    void report(Diagnostics diagnostics) {
        if (!unpolled.isEmpty()) {
            diagnostics.note(
                    NOTE,
                    "ModemManager does not poll the signal of " + String.join(", ", unpolled.keySet())
                            + "; as root run " + String.join(", ", unpolled.values())
                            + " after each of its starts, or enable modem-signal.service of examples/belabox");
        }
    }

    private static boolean isPolled(@Nullable String rate) {
        return rate != null && Decimal.parse(rate).orElse(0) > 0;
    }

    private static JsonTree tree() {
        List<JsonPath> paths = new ArrayList<>(List.of(JsonPath.ofFields(RATE)));
        for (String technology : TECHNOLOGIES) {
            VALUES.forEach(value -> paths.add(JsonPath.ofFields("modem", "signal", technology, value.name())));
        }
        return new JsonTree(paths);
    }
}
