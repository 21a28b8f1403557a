package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A .cfg file as it is shipped: every key as a comment with its default. */
record CfgSample(List<String> lines) {
    /** Those that a migration may write. */
    static final List<String> PIDS = List.of(
            "org.ops4j.pax.logging",
            "tidewatch.clockskew",
            "tidewatch.collector.cpu",
            "tidewatch.collector.disk",
            "tidewatch.collector.memory",
            "tidewatch.collector.network",
            "tidewatch.collector.thermal",
            "tidewatch.device",
            "tidewatch.health",
            "tidewatch.store.sqlite",
            "tidewatch.uploader.victoriametrics");

    static CfgSample of(String pid) {
        try (InputStream in = CfgSample.class.getResourceAsStream("/io/tidewatch/command/samples/" + pid + ".cfg")) {
            if (in == null) {
                throw new IllegalArgumentException("No sample of " + pid);
            }
            return new CfgSample(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<String> defaultOf(String key) {
        String begin = "#" + key + " =";
        return lines.stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length()).strip())
                .findFirst();
    }

    /**
     * The sample with values where their keys are, and a first line that names their origin.
     *
     * @throws IllegalArgumentException if it has not all the keys
     */
    List<String> filled(String origin, List<MigrationPlan.Value> values) {
        List<String> filled = new ArrayList<>(lines);
        for (MigrationPlan.Value value : values) {
            String begin = "#" + value.key() + " =";
            int index = IntStream.range(0, filled.size())
                    .filter(i -> filled.get(i).startsWith(begin))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("The sample has no key " + value.key()));
            filled.set(index, value.key() + " = " + value.value());
        }
        filled.add(0, "# By 'tidewatch migrate' from " + DisplayText.plain(origin) + ".");
        return filled;
    }

    /** As the format of .cfg files wants it: backslashes twice, and the begin of a placeholder marked as none. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("${", "$${");
    }
}
