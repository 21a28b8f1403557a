package io.tidewatch.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is run. There is no shell: the program gets each argument as it is, an empty input, and only the variables
 * {@code PATH}, {@code LANG=C.UTF-8}, {@code HOME=/} and those of {@code environment}.
 *
 * @param words absolute path of the program and its arguments; empty if none can be used
 * @param environment variables of the process, all of them
 * @param remedy what to do if the program is missing, for messages, as in "install modemmanager"
 */
public record Command(List<String> words, SortedMap<String, String> environment, Path folder, String remedy) {
    /** Makes the process the leader of a group of its own. It replaces itself by the command, so that the id stays. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /** What every command has. */
    private static final SortedMap<String, String> ENVIRONMENT = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C.UTF-8", "HOME", "/")));

    /** Adds the variables that every command has. */
    public Command {
        words = List.copyOf(words);
        SortedMap<String, String> all = new TreeMap<>(ENVIRONMENT);
        all.putAll(environment);
        environment = Collections.unmodifiableSortedMap(all);
    }

    /** Returns a command without variables of its own that starts in the folder {@code /}. */
    public static Command of(List<String> words, String remedy) {
        return new Command(words, Collections.emptySortedMap(), Path.of("/"), remedy);
    }

    /** Returns the path of the program, for messages. */
    public String program() {
        return words.isEmpty() ? "command" : words.get(0);
    }

    /** Returns why it cannot be started now and what to do, as a sentence; empty if nothing is known against it. */
    String obstacle() {
        if (words.isEmpty()) {
            return "no command that can be used is configured; see the settings that were refused";
        }
        Path file = Path.of(program());
        String user = System.getProperty("user.name", "");
        if (!Files.exists(file)) {
            return file + " does not exist, or lies in a folder that user " + user + " may not enter; " + remedy;
        }
        if (Files.isDirectory(file) || !Files.isExecutable(file)) {
            return file + " is no program that user " + user + " may execute; chmod a+rx, or " + remedy;
        }
        if (!Files.isDirectory(folder)) {
            return "the folder " + folder + " does not exist; create it, or choose another";
        }
        if (!Files.isExecutable(SETSID)) {
            return "commands are started by " + SETSID + ", which is missing; install util-linux";
        }
        try {
            ProcessGroup.load();
        } catch (LinkageError e) {
            return "commands could not be killed: no native library of JNA for this machine in jna.boot.library.path";
        }
        return "";
    }

    /** Returns how to start it: with an empty input, and only its own environment. */
    ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(SETSID.toString())
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.command().addAll(words);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    /** Returns the command as an operator types it: {@code mmcli -L -J}. */
    @Override
    public String toString() {
        return Path.of(program()).getFileName()
                + words.stream().skip(1).map(word -> " " + word).collect(Collectors.joining());
    }
}
