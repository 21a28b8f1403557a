package io.tidewatch.scheduler;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a collector is run: its settings, or the last good ones while they cannot be used. Guarded by its run. */
final class SettingsInForce {
    private final String name;
    private final Outbox outbox;
    private CollectorSettings settings = CollectorSettings.read(Map.of()).settings();
    private @Nullable CollectorSettings lastGood;
    private List<String> rejectedSettings = List.of();
    private String rejected = "";

    SettingsInForce(String name, Outbox outbox) {
        this.name = name;
        this.outbox = outbox;
    }

    CollectorSettings settings() {
        return settings;
    }

    /** What is wrong with the configuration, for health; empty if nothing is. */
    String rejected() {
        return rejected;
    }

    /** Reads the settings of the collector that runs. */
    void read(Candidate candidate) {
        CollectorSettings.Reading reading =
                CollectorSettings.read(candidate.offer().properties());
        if (reading.rejected().isEmpty()) {
            settings = reading.settings();
            lastGood = settings;
        } else {
            settings = lastGood == null ? reading.settings() : lastGood;
        }
        rejectedSettings =
                reading.rejected().stream().map(Containment::messageOf).toList();
        // The collector itself is asked by its next pass, on that thread.
        describeRejected(candidate);
    }

    /** Logs once what is wrong with the configuration, and once that it was fixed. */
    void describeRejected(Candidate candidate) {
        List<String> problems = Stream.concat(rejectedSettings.stream(), candidate.rejectedSettings().stream())
                .toList();
        String message = problems.isEmpty() ? "" : rejection(candidate, problems);
        if (!message.equals(rejected)) {
            CollectorSettings now = settings;
            outbox.add(
                    message.isEmpty()
                            ? () -> CollectorLog.fixed(name, now)
                            : () -> CollectorLog.rejected(name, message));
        }
        rejected = message;
    }

    private String rejection(Candidate candidate, List<String> problems) {
        String inForce = lastGood == null ? "the default" : "the last good value";
        return ConfigurationFile.of(name, candidate.offer().properties()) + ": " + String.join("; ", problems)
                + "; until it is fixed " + inForce + " stays in force"
                + (rejectedSettings.isEmpty() ? "" : ", interval " + DurationText.of(settings.interval()));
    }
}
