package io.tidewatch.scheduler;

import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.config.Setting;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a collector is run: its settings, or the last good ones while they cannot be used. Guarded by its run. */
final class SettingsInForce {
    private final String name;
    private final Outbox outbox;
    private final LastGood<CollectorSettings> settings = LastGood.before(CollectorSettings.DEFAULT);
    private String rejected = "";

    SettingsInForce(String name, Outbox outbox) {
        this.name = name;
        this.outbox = outbox;
    }

    CollectorSettings settings() {
        return settings.inForce();
    }

    /** What is wrong with the configuration, for health; empty if nothing is. */
    String rejected() {
        return rejected;
    }

    void read(Candidate candidate) {
        Map<String, Object> properties = candidate.offer().properties();
        settings.offer(reader -> CollectorSettings.read(properties, reader));
        // The collector itself is asked by its next pass, on that thread.
        describeRejected(candidate);
    }

    /** Logs once what is wrong with the configuration, and once that it was fixed. */
    void describeRejected(Candidate candidate) {
        List<String> problems = Stream.concat(
                        settings.rejected().stream().map(Containment::messageOf), candidate.rejectedSettings().stream())
                .toList();
        String message = problems.isEmpty() ? "" : rejection(candidate, problems);
        if (!message.equals(rejected)) {
            CollectorSettings now = settings.inForce();
            outbox.add(
                    message.isEmpty()
                            ? () -> CollectorLog.fixed(name, now)
                            : () -> CollectorLog.rejected(name, message));
        }
        rejected = message;
    }

    private String rejection(Candidate candidate, List<String> problems) {
        String inForce = settings.isGood() ? "the last good value" : "the default";
        return ConfigurationFile.of(name, candidate.offer().properties()) + ": " + String.join("; ", problems)
                + "; until it is fixed " + inForce + " stays in force"
                + (settings.rejected().isEmpty()
                        ? ""
                        : ", interval " + Setting.written(settings().interval()));
    }
}
