package io.tidewatch.command.agent;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import io.tidewatch.config.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent has its files, as its launcher would find them; nothing is made or changed. None of them need exist.
 *
 * @param home the installation
 * @param config folder of the .cfg files
 * @param state folder of the database
 * @param deploy folder of the jars that come and go while the agent runs
 */
public record Folders(Path home, Path config, Path state, Path deploy) {
    private static final Path SYSTEM_STATE = Path.of("/var/lib/tidewatch");

    /**
     * @param home the installation, as passed by {@code bin/tidewatch}
     * @param environment the environment of the process; an empty value counts as not set
     * @throws CommandException if the home is not known, or a path is none
     */
    public static Folders find(@Nullable String home, Map<String, String> environment) throws CommandException {
        return find(home, environment, SYSTEM_STATE);
    }

    public static Folders find(@Nullable String home, Map<String, String> environment, Path systemState)
            throws CommandException {
        if (home == null || home.isBlank()) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION, "The installation folder is not known. Use bin/tidewatch.");
        }
        Path install = path("The installation folder", home);
        Path state = state(environment, systemState);
        return new Folders(
                install,
                chosen(environment, "TIDEWATCH_CONFIG", install.resolve("config")),
                state,
                chosen(
                        environment,
                        "TIDEWATCH_DEPLOY",
                        Files.isDirectory(install.resolve("deploy"))
                                ? install.resolve("deploy")
                                : state.resolve("deploy")));
    }

    /** What a value of the configuration may refer to, by name; as the launcher passes it to the bundles. */
    public Map<String, String> properties() {
        return Map.of(
                "tidewatch.home", home.toString(),
                "tidewatch.config", config.toString(),
                "tidewatch.state", state.toString(),
                "tidewatch.deploy", deploy.toString(),
                "tidewatch.lock", lock().toString());
    }

    /** The file that names the process that works on the state folder. */
    public Path lock() {
        return state.resolve("metrics.db.lock");
    }

    /** Returns the values of the .cfg of a PID by key, read as the agent reads them; none if it has no file. */
    public Map<String, String> settings(String pid) throws IOException {
        Map<String, String> properties = properties();
        return WrittenFile.values(config, pid, properties::get);
    }

    /** The same, but none if the file cannot be read. */
    public Map<String, String> readableSettings(String pid) {
        try {
            return settings(pid);
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** A duration of the .cfg of a PID; the default if the file has none, or none that can be used. */
    public Duration duration(String pid, String key, String otherwise) {
        try {
            return Setting.duration(key, readableSettings(pid).getOrDefault(key, otherwise));
        } catch (InvalidSettingException e) {
            return Setting.duration(key, otherwise);
        }
    }

    /**
     * As the launcher chooses; except that a user who may only read the folder of the service gets that, unless an agent has
     * run as this user.
     */
    private static Path state(Map<String, String> environment, Path systemState) throws CommandException {
        Optional<String> named = value(environment, "TIDEWATCH_STATE");
        // https://specifications.freedesktop.org/basedir-spec: a relative XDG_STATE_HOME is to be ignored.
        Optional<String> xdg = value(environment, "XDG_STATE_HOME").filter(folder -> folder.startsWith("/"));
        Optional<String> user = value(environment, "HOME");
        if (named.isPresent()) {
            return path("TIDEWATCH_STATE", named.get());
        }
        Path own = null;
        if (xdg.isPresent()) {
            own = path("XDG_STATE_HOME", xdg.get()).resolve("tidewatch");
        } else if (user.isPresent()) {
            own = path("HOME", user.get()).resolve(".local/state/tidewatch");
        }
        boolean service = Files.isDirectory(systemState);
        if (own == null || (service && (Files.isWritable(systemState) || !Files.isDirectory(own)))) {
            return systemState;
        }
        return own;
    }

    private static Path chosen(Map<String, String> environment, String variable, Path otherwise)
            throws CommandException {
        Optional<String> value = value(environment, variable);
        return value.isPresent() ? path(variable, value.get()) : otherwise;
    }

    private static Path path(String what, String path) throws CommandException {
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    what + " is '" + path
                            + "', which is no path here. Use plain ASCII, or install the locale C.UTF-8.");
        }
    }

    /** Nothing for an empty value. */
    private static Optional<String> value(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }
}
