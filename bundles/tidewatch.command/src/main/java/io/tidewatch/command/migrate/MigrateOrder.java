package io.tidewatch.command.migrate;

import io.tidewatch.command.agent.Arguments;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.console.CommandException;
import java.nio.file.Path;

/**
 * What a migration is asked to do.
 *
 * @param source the configuration of the original
 * @param force whether files in which something is set are replaced
 */
record MigrateOrder(Path source, Path target, boolean dryRun, boolean force) {
    private static final Path ORIGINAL = Path.of("/etc/tidewatch/config.yaml");

    static MigrateOrder of(Arguments rest, Folders folders) throws CommandException {
        Path source = ORIGINAL;
        Path target = folders.config();
        boolean dryRun = false;
        boolean force = false;
        for (String option = rest.option(); option != null; option = rest.option()) {
            switch (option) {
                case "--config" -> source = rest.path(option);
                case "--to" -> target = rest.path(option).toAbsolutePath().normalize();
                case "--dry-run" -> dryRun = true;
                case "--force" -> force = true;
                default -> throw rest.unknown(option);
            }
        }
        return new MigrateOrder(source, target, dryRun, force);
    }
}
