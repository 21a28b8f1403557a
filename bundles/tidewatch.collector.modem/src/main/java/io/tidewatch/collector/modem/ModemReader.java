package io.tidewatch.collector.modem;

import static io.tidewatch.json.JsonPath.ofFields;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.collector.modem.Reconnects.Connection;
import io.tidewatch.json.JsonPath.Each;
import io.tidewatch.json.JsonTree;
import io.tidewatch.process.NoAnswerException;
import io.tidewatch.process.NoAnswerException.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one modem after the other: {@code mmcli -m N -J}, its signal and its connection. Not safe for use by several threads. */
final class ModemReader {
    private static final String GENERIC = "generic";

    /** A port in use by ModemManager, with a name that the kernel allows for a network interface. */
    private static final Pattern NET = Pattern.compile("([^/:\\s]{1,15}) \\(net\\)");

    /** States in which a modem has neither signal nor connection: MMModemState of ModemManager. Others may. */
    private static final Set<String> INACTIVE =
            Set.of("failed", "unknown", "initializing", "locked", "disabled", "disabling", "enabling");

    private final JsonTree tree = new JsonTree(List.of(
            ofFields("modem", GENERIC, "device-identifier"),
            ofFields("modem", GENERIC, "ports").then(new Each()),
            ofFields("modem", GENERIC, "state"),
            ofFields("modem", GENERIC, "state-failed-reason"),
            ofFields("modem", GENERIC, "access-technologies").then(new Each()),
            ofFields("modem", GENERIC, "current-bands").then(new Each()),
            ofFields("modem", GENERIC, "signal-quality", "value"),
            ofFields("modem", GENERIC, "signal-quality", "recent"),
            ofFields("modem", GENERIC, "bearers").then(new Each()),
            ofFields("modem", "3gpp", "registration-state"),
            ofFields("modem", "3gpp", "operator-name")));

    private final SignalReader signals = new SignalReader();
    private final BearerReader bearers = new BearerReader();
    private final Reconnects reconnects = new Reconnects();
    private final Set<ModemId> there = new HashSet<>();

    void beginPass() {
        there.clear();
        signals.beginPass();
    }

    void endPass(Diagnostics diagnostics) {
        signals.report(diagnostics);
    }

    /**
     * Adds the samples of a modem; whatever of it cannot be read is named.
     *
     * @return false if it is not there any more
     * @throws NoAnswerException if no modem can be read
     */
    boolean read(Mmcli mmcli, String path, List<Sample> added, Diagnostics diagnostics)
            throws NoAnswerException, InterruptedException {
        String number = path.substring(path.lastIndexOf('/') + 1);
        Document document;
        try {
            document = new Document(mmcli.ask(tree, "-m", path), "modem " + number, diagnostics);
        } catch (NoAnswerException e) {
            if (e.reason() == Reason.ABSENT) {
                return false;
            }
            named(e, "modem " + number, diagnostics);
            return true;
        }
        String identifier = document.text("modem", GENERIC, "device-identifier");
        if (identifier == null) {
            diagnostics.damaged("modem " + number, "modem " + number + " has no device-identifier and is left out");
            return true;
        }
        ModemId id = ModemId.of(identifier, networkInterface(document));
        if (!there.add(id)) {
            diagnostics.damaged(
                    "modem " + number,
                    id.name() + " is there twice, with one device-identifier; the second is left out");
            return true;
        }
        read(mmcli, path, id, document, added, diagnostics);
        return true;
    }

    private void read(
            Mmcli mmcli, String path, ModemId id, Document document, List<Sample> added, Diagnostics diagnostics)
            throws NoAnswerException, InterruptedException {
        ModemSamples samples = new ModemSamples(id, diagnostics, added);
        String state = document.text("modem", GENERIC, "state");
        status(document, state, samples);
        boolean active = state != null && !INACTIVE.contains(state);
        if (active) {
            try {
                signals.read(mmcli, path, id, samples, diagnostics);
            } catch (NoAnswerException e) {
                named(e, id.name() + " signal", diagnostics);
                if (e.reason() == Reason.TIMED_OUT) {
                    return;
                }
            }
        }
        Connection connection = Connection.UNKNOWN;
        List<String> paths = document.texts("modem", GENERIC, "bearers");
        if (active && !paths.isEmpty()) {
            try {
                connection = bearers.read(mmcli, paths, id, samples, diagnostics);
            } catch (NoAnswerException e) {
                named(e, id.name() + " bearer", diagnostics);
            }
        }
        if (state != null) {
            samples.number(ModemMetrics.RECONNECTS, reconnects.note(id, isConnected(state), connection));
        }
    }

    private static void status(Document document, @Nullable String state, ModemSamples samples) {
        samples.text(ModemMetrics.STATE, state);
        if (state != null) {
            samples.number(ModemMetrics.CONNECTED, isConnected(state) ? 1 : 0);
        }
        samples.text(ModemMetrics.FAILED_REASON, document.text("modem", GENERIC, "state-failed-reason"));
        samples.text(ModemMetrics.REGISTRATION, document.text("modem", "3gpp", "registration-state"));
        samples.text(ModemMetrics.OPERATOR, document.text("modem", "3gpp", "operator-name"));
        samples.text(ModemMetrics.ACCESS_TECHNOLOGY, joined(document, "access-technologies"));
        samples.text(ModemMetrics.BANDS, joined(document, "current-bands"));
        // A value that is not recent is what was known before; 0 if nothing was.
        if (!"no".equals(document.text("modem", GENERIC, "signal-quality", "recent"))) {
            samples.number(
                    ModemMetrics.QUALITY,
                    "signal-quality",
                    document.text("modem", GENERIC, "signal-quality", "value"),
                    Range.PERCENT);
        }
    }

    /** Names what is missing because of it. */
    private static void named(NoAnswerException e, String subject, Diagnostics diagnostics) throws NoAnswerException {
        switch (e.reason()) {
            case NOT_INSTALLED, UNAVAILABLE, CANCELLED -> throw e;
            case TIMED_OUT, NO_TIME, TOO_LONG, FAILED -> diagnostics.damaged(subject, e);
            case ABSENT -> {
                // Nothing is damaged: it went between two calls, or never was.
            }
        }
    }

    private static boolean isConnected(String state) {
        return state.equals("connected");
    }

    private static @Nullable String joined(Document document, String name) {
        List<String> texts = document.texts("modem", GENERIC, name);
        return texts.isEmpty() ? null : String.join(", ", texts);
    }

    private static String networkInterface(Document document) {
        return document.texts("modem", GENERIC, "ports").stream()
                .map(NET::matcher)
                .filter(Matcher::matches)
                .map(port -> port.group(1))
                .findFirst()
                .orElse("");
    }
}
