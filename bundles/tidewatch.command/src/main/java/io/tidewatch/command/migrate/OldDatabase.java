package io.tidewatch.command.migrate;

import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.console.DisplayText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The database of the original agent: whether ours can take it over, and what is to be run for it. Only looks.
 *
 * @param folders of the agent; a service may write in its state folder only
 * @param user who runs the agent
 * @param service whether it is a service of systemd
 */
record OldDatabase(Path file, Folders folders, String user, boolean service) {
    private static final String UNIT = "tidewatch.service";

    List<String> findings() {
        List<String> findings = new ArrayList<>();
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            findings.add("The database " + file + " (" + Amounts.size((double) attributes.size()) + ", of "
                    + attributes.owner().getName()
                    + ") is taken over at the first start: what is not uploaded yet still will be.");
            findings.add("From then on the original cannot read it. Only a copy leads back.");
        } catch (IOException | UnsupportedOperationException e) {
            findings.add("The database " + file
                    + (Files.notExists(folder()) || Files.isReadable(folder())
                            ? " is not there: the agent begins a new one."
                            : " cannot be looked at by this user: run this as root to learn whether it can be used."));
            return findings;
        }
        // Both agents write their number into the lock.
        AgentPage.process(folder().resolve(file.getFileName() + ".lock"))
                .ifPresent(pid -> findings.add("Process " + pid
                        + " works on it. Stop that first: as long as it has the file open, it is left untouched."));
        if (isOutsideOfService()) {
            findings.add("The service may write in " + folders.state()
                    + " only: one of the lines below lets it write there as well.");
        }
        return findings;
    }

    /** What to run, a line each, in this order; for a service as root. */
    List<String> commands() {
        List<String> commands = new ArrayList<>();
        if (service) {
            commands.add("systemctl disable --now " + UNIT);
        }
        if (Files.exists(file)) {
            Path kept = folder().resolve("original");
            commands.add("mkdir -p " + quoted(kept));
            commands.add("cp -p " + quoted(file) + "* " + quoted(kept) + "/");
            rights(folder(), "u+rwx", commands);
            for (String ending : List.of("", "-wal", "-shm", ".lock")) {
                rights(folder().resolve(file.getFileName() + ending), "u+rw", commands);
            }
            if (isOutsideOfService()) {
                commands.add("mkdir -p /etc/systemd/system/" + UNIT + ".d");
                commands.add("printf '[Service]\\nReadWritePaths=%s\\n' " + quoted(folder()) + " > /etc/systemd/system/"
                        + UNIT + ".d/database.conf");
                commands.add("systemctl daemon-reload");
            }
        }
        if (service) {
            commands.add("systemctl unmask " + UNIT);
            commands.add("systemctl enable --now " + UNIT);
        } else {
            commands.add(quoted(folders.home().resolve("bin/tidewatch")) + " run");
        }
        return commands;
    }

    /** Whether the service may not write there. */
    private boolean isOutsideOfService() {
        return service && !file.normalize().startsWith(folders.state());
    }

    private Path folder() {
        return Optional.ofNullable(file.getParent()).orElse(Path.of("/"));
    }

    private void rights(Path path, String mode, List<String> commands) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
            if (!attributes.owner().getName().equals(user)) {
                commands.add("chown " + user + ": " + quoted(path));
            }
            if (!attributes
                    .permissions()
                    .containsAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))) {
                commands.add("chmod " + mode + " " + quoted(path));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It is not there, or this user cannot see it.
        }
    }

    /** For a shell. */
    private static String quoted(Path path) {
        String text = DisplayText.plain(path.toString());
        return text.matches("[A-Za-z0-9_./:@%+,=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
