package io.tidewatch.command.trial;

import io.tidewatch.command.agent.Arguments;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks to be tried.
 *
 * @param source where the collector and its settings come from
 * @param target name of a collector, or a path; empty if the settings have it
 * @param settings keys of the .cfg, those of the command line with them
 */
record Subject(Source source, String target, Map<String, String> settings, boolean json) {
    private static final Pattern SETTING = Pattern.compile("--([a-z][a-z0-9.]*)=(.*)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[A-Za-z0-9._-]+)?");

    enum Source {
        /** One of the installation, configured by its .cfg. */
        NAMED(""),
        /** A jar, configured by the .cfg files of the installation. */
        JAR(""),
        /** The page of the target. */
        PAGE("scrape"),
        /** The file or folder of the target. */
        FILE("textfile"),
        /** The command of the target. */
        COMMAND("exec");

        /** Name of the shipped collector that reads a target of the command line; empty if it has none. */
        final String collector;

        Source(String collector) {
            this.collector = collector;
        }

        boolean isAdHoc() {
            return !collector.isEmpty();
        }
    }

    /**
     * Reads the command line.
     *
     * @param searchPath folders of programs separated by colons, as in {@code PATH}
     * @throws CommandException if it is not understood, or what it names is not there
     */
    static Subject of(Verb verb, List<String> arguments, String searchPath) throws CommandException {
        int end = arguments.indexOf("--");
        Arguments rest = new Arguments(verb, end < 0 ? arguments : arguments.subList(0, end));
        Map<String, String> settings = new TreeMap<>();
        String target = null;
        boolean json = false;
        for (String option = rest.option(); option != null; option = rest.option()) {
            Matcher setting = SETTING.matcher(option);
            if (option.equals("--json")) {
                json = true;
            } else if (setting.matches()) {
                settings.put(String.valueOf(setting.group(1)), String.valueOf(setting.group(2)));
            } else if (option.startsWith("-") || target != null || end >= 0) {
                throw rest.unknown(option);
            } else {
                target = option;
            }
        }
        List<String> command = end < 0 ? List.of() : arguments.subList(end + 1, arguments.size());
        Subject subject = command.isEmpty()
                ? of(target, settings, json, rest)
                : new Subject(Source.COMMAND, "", with(settings, "command", line(command, searchPath)), json);
        if (!subject.source.isAdHoc() && !settings.isEmpty()) {
            throw rest.wrong("--key=value is for a URL, a file and a command; '" + target + "' has its settings in"
                    + " its .cfg");
        }
        return subject;
    }

    private static Subject of(@Nullable String target, Map<String, String> settings, boolean json, Arguments rest)
            throws CommandException {
        if (target == null) {
            throw rest.wrong("'try' needs a collector, a jar, a URL, a file.prom, or -- and a command");
        }
        if (target.matches("(?i)https?:.*") || target.startsWith("unix:")) {
            return new Subject(Source.PAGE, "", with(settings, "url", target), json);
        }
        if (target.endsWith(".jar")) {
            return new Subject(Source.JAR, existing(target, rest).toString(), settings, json);
        }
        boolean path = target.contains("/") || target.matches("\\.\\.?");
        if (target.endsWith(".prom") || (path && Files.isDirectory(existing(target, rest)))) {
            return new Subject(Source.FILE, existing(target, rest).toString(), settings, json);
        }
        if (!NAME.matcher(target).matches()) {
            throw rest.wrong("'" + target + "' is no collector, jar, URL, folder or file.prom");
        }
        return new Subject(Source.NAMED, target, settings, json);
    }

    private static Path existing(String target, Arguments rest) throws CommandException {
        try {
            Path path = Path.of(target).toAbsolutePath().normalize();
            if (Files.isReadable(path)) {
                return path;
            }
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    path + (Files.exists(path) ? " cannot be read by this user." : " is not there."));
        } catch (InvalidPathException e) {
            throw rest.wrong("'" + target + "' is no path");
        }
    }

    /** The command as the key of the .cfg takes it. */
    private static String line(List<String> command, String searchPath) throws CommandException {
        String program = command.get(0);
        Stream<String> places = program.contains("/")
                ? Stream.of(program)
                : Stream.of(searchPath.split(":")).map(folder -> folder + "/" + program);
        Optional<String> found = places.map(place -> Path.of(place).toAbsolutePath())
                .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
                .map(Path::toString)
                .findFirst();
        if (found.isEmpty()) {
            throw new CommandException(ExitCodes.NO_INPUT, "There is no program '" + program + "' to run.");
        }
        return Stream.concat(found.stream(), command.stream().skip(1))
                .map(word -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(" "));
    }

    /** The settings of the command line win. */
    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        settings.putIfAbsent(key, value);
        return settings;
    }
}
