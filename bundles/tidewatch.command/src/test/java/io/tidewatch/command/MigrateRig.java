package io.tidewatch.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An installation whose check is a stand-in, and a configuration of the original agent. */
public final class MigrateRig {
    private static final Path CASES = Path.of("src/test/resources/migrate");

    public final Path folder;
    public final CommandRun command;

    public MigrateRig(Path folder) throws Exception {
        this.folder = folder;
        command = new CommandRun(folder);
        CheckStandIn.installIn(folder.resolve("home"));
    }

    /** All the configurations that there are, by name. */
    public static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    /** The file that a run is compared with. */
    public static Path expectation(String name) {
        return CASES.resolve(name).resolve("expected.txt");
    }

    /** Takes one of the configurations. */
    public MigrateRig of(String name) throws IOException {
        return of(
                Files.readString(CASES.resolve(name).resolve("config.yaml")).replace("@STATE@", state().toString()),
                true);
    }

    /** Takes a configuration. */
    public MigrateRig of(String yaml, boolean asWritten) throws IOException {
        Files.writeString(source(), asWritten ? yaml : yaml + "\n");
        return this;
    }

    public Path source() {
        return folder.resolve("config.yaml");
    }

    public Path state() {
        return folder.resolve("state");
    }

    public Path config() {
        return folder.resolve("config");
    }

    public CommandRun.Ended migrate(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("migrate", "--config", source().toString()));
        arguments.addAll(List.of(options));
        return command.run(arguments.toArray(String[]::new));
    }

    /** What is in a folder, by name; nothing is left out. */
    public static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(
                        folder.relativize(file) + " "
                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return content;
    }
}
