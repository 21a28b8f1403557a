package io.tidewatch.collector.textfile;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder of files, and collectors on it. Every file is written at {@link #WRITTEN}. */
final class TextfileFolder {
    static final Instant WRITTEN = Instant.ofEpochSecond(1_760_000_000);

    private final Path folder;

    TextfileFolder(Path folder) {
        this.folder = folder;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** The files of a case below {@code src/test/resources/fixtures}. */
    TextfileFolder with(String fixtures) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fixtures", fixtures))) {
            for (Path file : files.toList()) {
                write(file.getFileName().toString(), Files.readString(file));
            }
        }
        return this;
    }

    /** Replaces a file in one step, as the scripts do. */
    TextfileFolder write(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    TextfileFolder write(String name, byte[] content) throws IOException {
        Path fresh = path(name + ".1234");
        Files.write(fresh, content);
        Files.setLastModifiedTime(fresh, FileTime.from(WRITTEN));
        Files.move(fresh, path(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return this;
    }

    TextfileCollector collector() {
        return collector(Map.of());
    }

    TextfileCollector collector(Map<String, String> written) {
        return new TextfileCollector(
                config(written), Clock.fixed(WRITTEN.plusSeconds(7_200), ZoneOffset.UTC), System::nanoTime);
    }

    TextfileCollector.Config config(Map<String, String> written) {
        Map<String, String> keys = new HashMap<>(written);
        keys.putIfAbsent("folder", folder.toString());
        return TypedConfiguration.of(TextfileCollector.Config.class, keys);
    }

    /** The samples of the files alone, by name and labels. */
    static Map<String, Double> foreign(List<Sample> samples) {
        Map<String, Double> values = new TreeMap<>();
        samples.stream()
                .filter(sample -> sample.metric().unit() == Unit.FOREIGN)
                .forEach(sample -> values.put(key(sample), sample.value()));
        return values;
    }

    /** A sample as {@code name{label=value, …}}. */
    static String key(Sample sample) {
        Map<String, String> labels = new TreeMap<>();
        for (int i = 0; i < sample.tagValues().size(); i++) {
            labels.put(sample.metric().tags().get(i), sample.tagValues().get(i));
        }
        return sample.metric().name() + labels;
    }

    static List<String> messages(TextfileCollector collector) {
        return collector.diagnostics().stream().map(Diagnostic::message).toList();
    }
}
