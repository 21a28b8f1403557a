package io.tidewatch.command.profile;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.command.agent.FileBatch;
import io.tidewatch.command.agent.FileBatch.NewFile;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.console.ExitCodes;
import io.tidewatch.config.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file of the configuration folder that names the profile: all that applying a profile writes. */
record ProfileMark(Path folder, Path path) {
    private static final String HEADER = "# By 'tidewatch profile ";

    ProfileMark(Path folder) {
        this(folder, folder.resolve(Profile.FILE));
    }

    Optional<String> name() throws CommandException {
        try {
            return Profile.chosen(folder);
        } catch (IOException e) {
            throw CommandException.unreadable(path, e);
        }
    }

    /** Whether it was emptied, as by a power cut: what is in force is not known from it. */
    boolean isEmptied() throws CommandException {
        try {
            return Profile.isEmptied(folder);
        } catch (IOException e) {
            throw CommandException.unreadable(path, e);
        }
    }

    /** Writes the name, atomically. A file with the same name stays as it is. */
    void write(String name) throws CommandException {
        if (name().equals(Optional.of(name))) {
            return;
        }
        refuseLinesOfOthers();
        NewFile file = new NewFile(
                Profile.FILE,
                List.of(
                        HEADER + name + " --apply'; --revert removes it.",
                        "# The .cfg files of this folder win over the profile, key by key.",
                        name),
                false);
        try (FileBatch batch = FileBatch.prepare(folder, List.of(file), null)) {
            batch.putInPlace();
        } catch (IOException e) {
            throw cannotWrite("written", name + " --apply", e);
        }
    }

    void remove(String name) throws CommandException {
        refuseLinesOfOthers();
        try {
            Files.deleteIfExists(path);
            FileBatch.sync(folder);
        } catch (IOException e) {
            throw cannotWrite("removed", name + " --revert", e);
        }
    }

    /** Comments of the operator would be lost. */
    private void refuseLinesOfOthers() throws CommandException {
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw CommandException.unreadable(path, e);
        }
        boolean ours = !lines.isEmpty() && lines.get(0).startsWith(HEADER);
        List<String> others = lines.stream()
                .skip(ours ? 2 : 0)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (others.size() > 1 || others.stream().anyMatch(line -> line.startsWith("#"))) {
            throw new CommandException(
                    ExitCodes.CANNOT_WRITE,
                    path + " has lines of yours, such as \"" + DisplayText.plain(others.get(0))
                            + "\". It stays as it is: edit or remove it yourself.");
        }
    }

    private CommandException cannotWrite(String done, String command, IOException e) {
        return new CommandException(
                ExitCodes.CANNOT_WRITE,
                path + " cannot be " + done + " (" + FileFailure.reason(e)
                        + "). Nothing is changed. Run it as root: sudo" + " tidewatch profile " + command);
    }
}
