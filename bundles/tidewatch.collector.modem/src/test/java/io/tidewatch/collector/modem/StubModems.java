package io.tidewatch.collector.modem;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.process.Scripts;
import io.tidewatch.testing.process.StubProgram;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Modems of the fixtures behind a stub of mmcli, and a collector of them. */
final class StubModems {
    static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    static final String PREFIX = "/org/freedesktop/ModemManager1/Modem/";

    final Path folder;
    final ModemCollector collector;

    StubModems(Path folder, Map<String, Object> properties) throws IOException {
        this.folder = folder;
        Path program = StubProgram.MMCLI.install(folder);
        collector = new ModemCollector(config(program), properties);
    }

    static ModemCollector.Config config(Path program) {
        return TypedConfiguration.of(ModemCollector.Config.class, Map.of("command", program.toString()));
    }

    /** Plugs in the modems of these fixtures besides those that are there, and lists the modems with these numbers. */
    StubModems with(List<String> fixtures, int... numbers) throws IOException {
        for (String fixture : fixtures) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(FIXTURES.resolve(fixture))) {
                for (Path file : files) {
                    Files.copy(
                            file, folder.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return list(numbers);
    }

    StubModems list(int... numbers) throws IOException {
        String paths = java.util.Arrays.stream(numbers)
                .mapToObj(number -> "\"" + PREFIX + number + "\"")
                .collect(Collectors.joining(","));
        return write("list.json", "{\"modem-list\":[" + paths + "]}\n");
    }

    StubModems write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
        return this;
    }

    StubModems remove(String file) throws IOException {
        Files.deleteIfExists(folder.resolve(file));
        return this;
    }

    /** Replaces a text of a file, which must be there. */
    StubModems replace(String file, String old, String fresh) throws IOException {
        String text = Files.readString(folder.resolve(file));
        if (!text.contains(old)) {
            throw new IOException(file + " has no " + old);
        }
        return write(file, text.replace(old, fresh));
    }

    /** Gives the files of an object another number. */
    void renumber(String kind, int from, int to) throws IOException {
        Files.move(folder.resolve(kind + "-" + from + ".json"), folder.resolve(kind + "-" + to + ".json"));
    }

    /** Calls since the last one of this method. */
    List<String> calls() throws IOException {
        List<String> calls = new Scripts(folder).calls();
        remove("calls");
        return calls;
    }

    /** Runs a pass: values by name and tags without the prefix {@code modem.}, as {@code connected[e67ee6cf, wwan0]}. */
    Map<String, Object> pass() throws InterruptedException {
        Map<String, Object> values = new TreeMap<>();
        collector.collect().forEach(sample -> {
            String text = sample.text();
            values.put(
                    sample.metric().name().replaceFirst("^modem\\.", "") + sample.tagValues(),
                    text == null ? (Object) sample.value() : text);
        });
        return values;
    }

    List<String> messages() {
        return collector.diagnostics().stream().map(Diagnostic::message).toList();
    }

    /** Whether a text is in the files of the fixtures. */
    static boolean isInFixtures(String text) throws IOException {
        try (Stream<Path> files = Files.walk(FIXTURES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                if (Files.readString(file).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }
}
