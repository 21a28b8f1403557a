package io.tidewatch.command.migrate;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.command.agent.AgentCheck;
import io.tidewatch.command.agent.Arguments;
import io.tidewatch.command.agent.FileBatch;
import io.tidewatch.command.agent.FileBatch.NewFile;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code tidewatch migrate}: turns the configuration of the original agent into .cfg files. */
public final class MigrateVerb extends Verb {
    private static final String ENDING = ".cfg";

    private static final Path ORIGINAL = Path.of("/etc/tidewatch/config.yaml");

    private final @Nullable String serviceUser;
    private final String agentUser;

    /** @param serviceUser who runs the agent as a service; null: there is none, and the user of this command runs the agent */
    public MigrateVerb(@Nullable String serviceUser) {
        super(
                "migrate",
                """
                tidewatch migrate: turns the configuration of the original agent into .cfg files

                  tidewatch migrate [options]

                Reads the config.yaml of the original tidewatch, the one written in Go, and
                writes what differs from the defaults of this agent, all files or none. It
                reports the result for each key, and what to do about the database. The
                token goes into a file that only the user of the agent can read. Run it as
                root.
                docs/migration.md leads through all of it.

                Options
                  --config FILE         the configuration to read (default:
                                        /etc/tidewatch/config.yaml)
                  --to FOLDER           where the .cfg files go (default: TIDEWATCH_CONFIG)
                  --dry-run             write nothing, and tell what would be
                  --force               replace files in which something is set already
                  --help                print this

                Exit codes
                  0    the files are written, or with --dry-run could be
                  64   the command line is not understood
                  66   the configuration of the original is missing, or cannot be read
                  70   the installation is not whole
                  73   files are in the way, or cannot be written; nothing is
                  78   a value cannot be used; nothing is written
                """);
        this.serviceUser = serviceUser == null || serviceUser.isBlank() ? null : serviceUser;
        this.agentUser = this.serviceUser == null ? System.getProperty("user.name", "") : this.serviceUser;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException {
        Order order = Order.of(new Arguments(this, arguments), surroundings.folders());
        MigrationReport report = new MigrationReport(order.source(), surroundings.out());
        MigrationPlan plan = plan(order.source(), surroundings, report);
        List<NewFile> files = files(plan, order.source());
        List<String> inTheWay = inTheWay(files, order.target());
        if (!inTheWay.isEmpty() && !order.force()) {
            throw new CommandException(
                    ExitCodes.CANNOT_WRITE,
                    "In " + order.target() + " something is set already in " + String.join(", ", inTheWay)
                            + ". Nothing is written. Move these away, or replace them with --force.");
        }
        new Migration(order, plan, files, surroundings, report).write(owner(plan, files, order));
        report.files(plan, files, order.target(), order.dryRun());
        inTheWay.forEach(name -> plan.remark(0, name + (order.dryRun() ? " would be" : " is") + " replaced"));
        untouched(files, order.target())
                .forEach(name -> plan.remark(0, name + " is left as it is, with what is set there"));
        report.remarks(plan.remarks());
        nextSteps(plan, surroundings.folders(), report);
        return ExitCodes.OK;
    }

    /**
     * What a migration is asked to do.
     *
     * @param source the configuration of the original
     * @param force whether files in which something is set are replaced
     */
    private record Order(Path source, Path target, boolean dryRun, boolean force) {
        static Order of(Arguments rest, Folders folders) throws CommandException {
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
            return new Order(source, target, dryRun, force);
        }
    }

    private static MigrationPlan plan(Path source, Surroundings surroundings, MigrationReport report)
            throws CommandException {
        MigrationPlan plan;
        try {
            YamlNode root = YamlFile.read(Files.readAllBytes(source)).orElse(new YamlNode.Mapping(1, List.of()));
            plan = MigrationPlanner.plan(root, surroundings.folders().state());
        } catch (YamlFile.Mistake e) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    report.located(new MigrationPlan.Remark(e.line, String.valueOf(e.getMessage())))
                            + ". Nothing is written.");
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    source + " cannot be read (" + FileFailure.reason(e)
                            + "). Name the configuration of the original with --config, and run this as root.");
        }
        if (!plan.mistakes().isEmpty()) {
            plan.mistakes().forEach(mistake -> surroundings.err().println(report.located(mistake)));
            throw new CommandException(ExitCodes.BAD_CONFIGURATION, "Fix that first. Nothing is written.");
        }
        return plan;
    }

    private static List<NewFile> files(MigrationPlan plan, Path source) {
        List<NewFile> files = new ArrayList<>();
        if (plan.token != null) {
            // Before the file that names it.
            files.add(new NewFile(UploadSection.TOKEN_FILE, List.of(plan.token), true));
        }
        plan.files.forEach((pid, values) -> files.add(
                new NewFile(pid + ENDING, CfgSample.of(pid).filled(source.toString(), values), plan.isSecret(pid))));
        return files;
    }

    /** Names of files in which something is set that would be lost. */
    private static List<String> inTheWay(List<NewFile> files, Path target) throws CommandException {
        List<String> inTheWay = new ArrayList<>();
        for (NewFile file : files) {
            Path path = target.resolve(file.name());
            try {
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                        && (!Files.isRegularFile(path)
                                || !((file.name().endsWith(ENDING)
                                                && setIn(path).isEmpty())
                                        || Files.readAllLines(path).equals(file.content())))) {
                    inTheWay.add(file.name());
                }
            } catch (IOException e) {
                throw cannotWrite(path, e);
            }
        }
        return inTheWay;
    }

    /** The lines that set something which the sample does not. */
    private static List<String> setIn(Path path) throws IOException {
        String pid = path.getFileName().toString().replaceFirst("\\.cfg$", "");
        Set<String> shipped = new HashSet<>(CfgSample.of(pid).lines());
        return Files.readAllLines(path).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.matches("[#!].*") && !shipped.contains(line))
                .toList();
    }

    /** Names of files that could have been written, but are left, although something is set in them. */
    private static List<String> untouched(List<NewFile> files, Path target) {
        Set<String> written = files.stream().map(NewFile::name).collect(Collectors.toSet());
        List<String> untouched = new ArrayList<>();
        for (String pid : CfgSample.PIDS) {
            Path path = target.resolve(pid + ENDING);
            try {
                if (!written.contains(pid + ENDING)
                        && Files.isRegularFile(path)
                        && !setIn(path).isEmpty()) {
                    untouched.add(pid + ENDING);
                }
            } catch (IOException e) {
                untouched.add(pid + ENDING);
            }
        }
        return untouched;
    }

    private record Migration(
            Order order, MigrationPlan plan, List<NewFile> files, Surroundings surroundings, MigrationReport report) {
        /** @param owner of the secrets; null: the user of the command */
        void write(@Nullable UserPrincipal owner) throws CommandException {
            Path folder = order.target();
            try {
                folder = order.dryRun()
                        ? Files.createTempDirectory("tidewatch-migrate")
                        : Files.createDirectories(order.target());
                try (FileBatch batch = FileBatch.prepare(folder, order.dryRun() ? withoutToken() : files, owner)) {
                    validate(batch.staging());
                    if (!order.dryRun()) {
                        batch.putInPlace();
                    }
                } finally {
                    if (order.dryRun()) {
                        Files.delete(folder);
                    }
                }
            } catch (IOException e) {
                throw cannotWrite(folder, e);
            }
        }

        /** The secret stays where it is. */
        private List<NewFile> withoutToken() {
            return files.stream()
                    .filter(file -> !file.name().equals(UploadSection.TOKEN_FILE))
                    .toList();
        }

        /** Validates as the agent does, before any file is put in place. */
        private void validate(Path staging) throws CommandException, IOException {
            Folders now = surroundings.folders();
            Folders folders = new Folders(now.home(), order.target(), now.state(), now.deploy());
            AgentCheck.Verdict verdict = new AgentCheck(folders)
                    .validate(staging)
                    .orElseThrow(
                            () -> new CommandException(
                                    ExitCodes.BROKEN_INSTALLATION,
                                    "The installation " + folders.home()
                                            + " has nothing to validate the files with. Nothing is written. Install tidewatch again."));
            if (verdict.result() == 0) {
                return;
            }
            for (String complaint : verdict.complaints()) {
                surroundings.err().println(report.located(plan.ofOriginal(complaint, files)));
            }
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    verdict.complaints().isEmpty()
                            ? "The files are refused: " + verdict.output()
                            : "Fix that in " + report.source() + " first. Nothing is written.");
        }
    }

    /** User who may read the secrets; null: the user of the command, as only root can give files away. */
    private @Nullable UserPrincipal owner(MigrationPlan plan, List<NewFile> files, Order order) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return null;
        }
        try {
            return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(agentUser);
        } catch (IOException | UnsupportedOperationException e) {
            List<String> secrets =
                    files.stream().filter(NewFile::secret).map(NewFile::name).toList();
            if (!secrets.isEmpty()) {
                plan.remark(
                        0,
                        "there is no user " + agentUser + " here yet, who must own " + String.join(" and ", secrets)
                                + " in " + order.target() + ": chown " + agentUser);
            }
            return null;
        }
    }

    private void nextSteps(MigrationPlan plan, Folders folders, MigrationReport report) {
        Path database = plan.database.isEmpty() ? folders.state().resolve("metrics.db") : Path.of(plan.database);
        OldDatabase old = new OldDatabase(database, folders, agentUser, serviceUser != null);
        report.nextSteps(old.findings(), old.commands(), serviceUser != null);
    }

    private static CommandException cannotWrite(Path path, IOException e) {
        return new CommandException(
                ExitCodes.CANNOT_WRITE,
                path + " cannot be written (" + FileFailure.reason(e) + "). Nothing is."
                        + (FileFailure.isPermission(e) ? " Run this as root, or name another folder with --to." : ""));
    }
}
