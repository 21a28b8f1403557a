package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.itest.outside.AgentProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent says of itself that it accepts: every key is given values that it must refuse, and {@code --check} tells
 * what it wants.
 */
final class AcceptedValues {
    private static final Pattern COMPLAINT = Pattern.compile(
            "(\\S+)\\.cfg:\\d+: invalid (\\S+) \".*\" \\(expected (.*?)(?:; (?:at position|did you mean|word|found|see) .*)?\\)");
    private static final Pattern DURATION = Pattern.compile("\\d+(ms|s|m|h|d)");

    private static final Pattern SIZE = Pattern.compile("\\d+(B|KiB|MiB|GiB)");

    private static final String INSTANCE = "probe";

    /** What is no value of anything but a text. */
    private static final String NONSENSE = "~ ?(";

    private final Map<String, String> accepted = new HashMap<>();
    private final Set<String> zeroRefused = new HashSet<>();

    private AcceptedValues() {}

    /** Asks the built distribution. */
    static AcceptedValues of(ShippedKeys shipped) throws Exception {
        AcceptedValues all = new AcceptedValues();
        try (AgentProcess agent =
                new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("accepted-values"))) {
            // A later answer is the more exact one: that nonsense is no duration says nothing of the longest.
            all.ask(agent, shipped, value -> Optional.of("x".repeat(1000)));
            all.ask(agent, shipped, value -> Optional.of(NONSENSE));
            all.zeroRefused.addAll(all.ask(agent, shipped, value -> like(value, "0s", "0B")));
            all.ask(agent, shipped, value -> like(value, "1ms", "1B"));
            all.ask(agent, shipped, value -> like(value, "99999999d", "0B"));
        }
        assertThat(all.accepted).as("answers").hasSizeGreaterThan(30);
        return all;
    }

    /** In words, as the error has it; any text if nothing is refused. */
    String of(String pid, String key) {
        String text = accepted.getOrDefault(pid + "/" + key, "any text");
        boolean told = text.contains("zero") || text.contains(" from ") || text.contains("at least");
        return zeroRefused.contains(pid + "/" + key) && !told ? text + ", above zero" : text;
    }

    private interface Probe {
        /** What to try instead of a default; nothing: leave it out. */
        Optional<String> instead(String value);
    }

    private static Optional<String> like(String value, String duration, String size) {
        if (DURATION.matcher(value).matches()) {
            return Optional.of(duration);
        }
        return SIZE.matcher(value).matches() ? Optional.of(size) : Optional.empty();
    }

    /** Which keys refused it. */
    private Set<String> ask(AgentProcess agent, ShippedKeys shipped, Probe probe) throws Exception {
        Path folder = AgentProcess.workFolder("accepted-values-probe");
        for (Map.Entry<String, ShippedKeys.Pid> pid : shipped.pids().entrySet()) {
            Map<String, String> defaults = new HashMap<>();
            pid.getValue().keys().forEach((key, known) -> defaults.put(key, known.value()));
            if (pid.getKey().startsWith(ShippedKeys.COLLECTOR)) {
                List.of("enabled", "interval", "timeout", "priority")
                        .forEach(key -> defaults.put(
                                key, key.equals("enabled") ? "true" : shipped.ofCollector(pid.getKey(), key)));
            }
            List<String> lines = new ArrayList<>();
            defaults.forEach(
                    (key, value) -> probe.instead(value).ifPresent(instead -> lines.add(key + " = " + instead)));
            Files.write(folder.resolve(shipped.file(pid.getKey(), INSTANCE) + ".cfg"), lines);
        }
        Ended ended = agent.runAnother("--check", folder.toString());
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(78);
        Set<String> refused = new HashSet<>();
        ended.output().lines().forEach(line -> {
            Matcher complaint = COMPLAINT.matcher(line);
            if (complaint.matches()) {
                String file = String.valueOf(Path.of(complaint.group(1)).getFileName());
                String key = file.replaceFirst("-" + INSTANCE + "$", "") + "/" + complaint.group(2);
                refused.add(key);
                accepted.put(key, complaint.group(3));
            }
        });
        return refused;
    }
}
