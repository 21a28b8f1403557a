package io.tidewatch.command;

import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the command on an agent's folders that a test has made, and keeps what it prints. */
public final class CommandRun {
    private final Path folder;
    private Terminal terminal = Terminal.NONE;
    private Clock clock = Clock.systemUTC();
    private Path config;

    /** What a run has left. */
    public record Ended(int exitCode, String out, String err) {}

    public CommandRun(Path folder) throws IOException {
        this.folder = folder;
        this.config = folder.resolve("config");
        for (String name : List.of("home/bundles", "config", "state", "deploy")) {
            Files.createDirectories(folder.resolve(name));
        }
    }

    public Folders folders() {
        return new Folders(folder.resolve("home"), config, folder.resolve("state"), folder.resolve("deploy"));
    }

    public CommandRun on(Terminal other) {
        terminal = other;
        return this;
    }

    public CommandRun at(Clock other) {
        clock = other;
        return this;
    }

    /** Reads the configuration from elsewhere than where it was written. */
    public CommandRun configuredIn(Path other) {
        config = other;
        return this;
    }

    public CommandRun configure(String pid, Map<String, String> values) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values)
                .forEach((key, value) ->
                        text.append(key).append(" = ").append(value).append('\n'));
        Files.writeString(folder.resolve("config").resolve(pid + ".cfg"), text.toString());
        return this;
    }

    public Ended run(String... arguments) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(
                List.of(arguments),
                new Surroundings(
                        folders(),
                        terminal,
                        clock,
                        "1.2.3",
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)));
        return new Ended(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
