package io.tidewatch.command.agent;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The answer of an agent to a request for its health.
 *
 * @param text as it came
 * @param health the same, parsed
 */
public record AgentAnswer(String text, Json health) {
    /** Returns the folders that the agent works with; those that were asked for if it names none that are here. */
    public Folders folders(Folders asked) {
        Json named = health.object("folders");
        Optional<Path> config = folder(named, "config");
        Optional<Path> state = folder(named, "state");
        Optional<Path> deploy = folder(named, "deploy");
        if (config.isEmpty() || state.isEmpty() || deploy.isEmpty()) {
            return asked;
        }
        return new Folders(asked.home(), config.get(), state.get(), deploy.get());
    }

    private static Optional<Path> folder(Json folders, String name) {
        try {
            return folders.text(name).map(Path::of).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
