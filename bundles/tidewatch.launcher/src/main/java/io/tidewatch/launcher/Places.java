package io.tidewatch.launcher;

import io.tidewatch.api.config.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folders an agent works with, all absolute, all checked. Nothing is ever written to {@code home} or
 * {@code config}.
 *
 * @param home the installation
 * @param config folder of the .cfg files
 * @param state folder of the database, the lock and the framework's cache; exists and can be written
 * @param deploy folder of the jars that come and go while the agent runs
 */
record Places(Path home, Path config, Path state, Path deploy) {
    /** Where an installed service keeps its state, when someone made that folder for us. */
    static final Path SYSTEM_STATE = Path.of("/var/lib/tidewatch");

    /**
     * Finds the places, and makes the state folder if it is not there yet.
     *
     * @param home the installation, as passed by {@code bin/tidewatch}
     * @param environment the environment of the process; an empty value counts as not set
     * @throws LaunchException with {@link ExitCode#BAD_START_CONFIGURATION} if a place is missing or not usable
     */
    static Places find(@Nullable String home, Map<String, String> environment, Path systemState)
            throws LaunchException {
        Places places = locate(home, environment, systemState);
        writable(places.state);
        if (!isSet(environment, "TIDEWATCH_DEPLOY") && places.deploy.startsWith(places.state)) {
            try {
                Files.createDirectories(places.deploy);
            } catch (IOException e) {
                throw unusable("deploy", places.deploy, "TIDEWATCH_DEPLOY", e);
            }
        }
        existing(places.deploy, "deploy", "TIDEWATCH_DEPLOY");
        return places;
    }

    /**
     * The places of an agent that is not to be started: state and deploy folder need not be there, and are not made.
     *
     * @throws LaunchException with {@link ExitCode#BAD_START_CONFIGURATION} if installation or configuration is missing
     */
    static Places locate(@Nullable String home, Map<String, String> environment, Path systemState)
            throws LaunchException {
        if (home == null || home.isBlank()) {
            throw LaunchException.badStart("The installation folder is not known. Start the agent with bin/tidewatch.");
        }
        Path install = absolute("The installation folder", home);
        if (!Files.isDirectory(install.resolve("bundles"))) {
            throw LaunchException.badStart(
                    "The installation " + install + " has no folder 'bundles'. Unpack or install tidewatch again.");
        }
        Path config = existing(
                chosen(environment, "TIDEWATCH_CONFIG", install.resolve("config")),
                "configuration",
                "TIDEWATCH_CONFIG");
        Path state = stateFolder(environment, systemState);
        Path ofInstall = install.resolve("deploy");
        Path deploy = Files.isDirectory(ofInstall) ? ofInstall : state.resolve("deploy");
        return new Places(install, config, state, chosen(environment, "TIDEWATCH_DEPLOY", deploy));
    }

    /** The places as properties of the framework, which settings may refer to. */
    Map<String, String> properties() {
        return Map.of(
                "tidewatch.home", home.toString(),
                "tidewatch.config", config.toString(),
                "tidewatch.state", state.toString(),
                "tidewatch.deploy", deploy.toString(),
                "tidewatch.lock", lock().toString());
    }

    /** The file whose lock says who works on this state folder. */
    Path lock() {
        return state.resolve("metrics.db.lock");
    }

    private static Path stateFolder(Map<String, String> environment, Path systemState) throws LaunchException {
        if (isSet(environment, "TIDEWATCH_STATE")) {
            return absolute(environment, "TIDEWATCH_STATE");
        }
        if (Files.isDirectory(systemState) && Files.isWritable(systemState)) {
            return systemState;
        }
        // https://specifications.freedesktop.org/basedir-spec: a relative XDG_STATE_HOME is to be ignored.
        if (environment.getOrDefault("XDG_STATE_HOME", "").startsWith("/")) {
            return absolute(environment, "XDG_STATE_HOME").resolve("tidewatch");
        }
        if (isSet(environment, "HOME")) {
            return absolute(environment, "HOME").resolve(".local/state/tidewatch");
        }
        throw LaunchException.badStart("There is no folder for the agent's state: " + systemState
                + " is missing or not writable and HOME is not set. Set TIDEWATCH_STATE to a folder that this user"
                + " may write.");
    }

    private static Path existing(Path folder, String what, String variable) throws LaunchException {
        if (!Files.isDirectory(folder)) {
            throw LaunchException.badStart("The " + what + " folder " + folder + " is not there. Make it, or set "
                    + variable + " to the right one.");
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw LaunchException.badStart("The " + what + " folder " + folder
                    + " cannot be read by this user. Grant it, or set " + variable + " to another one.");
        }
        return folder;
    }

    private static void writable(Path folder) throws LaunchException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unusable("state", folder, "TIDEWATCH_STATE", e);
        }
        if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
            throw LaunchException.badStart("The state folder " + folder
                    + " cannot be written by this user. Grant it, or set TIDEWATCH_STATE to another one.");
        }
    }

    private static Path chosen(Map<String, String> environment, String variable, Path otherwise)
            throws LaunchException {
        return isSet(environment, variable) ? absolute(environment, variable) : otherwise;
    }

    private static Path absolute(Map<String, String> environment, String variable) throws LaunchException {
        return absolute(variable, environment.getOrDefault(variable, ""));
    }

    private static Path absolute(String what, String path) throws LaunchException {
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            // Java takes file names apart by the locale; the start script chooses C.UTF-8, which few systems lack.
            throw LaunchException.badStart(what + " has characters that Java cannot read here: '" + path
                    + "'. Use a path of plain ASCII, or" + " install the locale C.UTF-8.");
        }
    }

    private static boolean isSet(Map<String, String> environment, String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }

    private static LaunchException unusable(String what, Path folder, String variable, IOException cause) {
        return LaunchException.badStart("The " + what + " folder " + folder + " cannot be made ("
                + FileFailure.reason(cause) + "). Set " + variable + " to a folder that this user may write.");
    }
}
