package io.tidewatch.command.profile;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.command.agent.Arguments;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.Columns;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.console.ExitCodes;
import io.tidewatch.config.Profile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code tidewatch profile}: shows, applies and reverts a profile of configuration. Writes the file {@value Profile#FILE} only. */
public final class ProfileVerb extends Verb {
    private static final Path UNITS = Path.of("/etc/systemd/system");
    private static final Path DROP_INS = UNITS.resolve("tidewatch.service.d");

    private enum Action {
        SHOW,
        APPLY,
        REVERT
    }

    /** @param name of the profile; null: all are listed */
    private record Order(@Nullable String name, Action action) {}

    public ProfileVerb() {
        super(
                "profile",
                """
                tidewatch profile: shows, applies or reverts a profile of configuration

                  tidewatch profile                       lists the profiles
                  tidewatch profile NAME                  shows what it sets
                  tidewatch profile NAME --apply
                  tidewatch profile NAME --revert

                A profile has values for one kind of device; belabox is for encoders that send
                over several modems. A key that you set in a .cfg file wins over the profile.
                Applying it writes one file, profile in the configuration folder, which names
                it; your .cfg files are not changed. The running agent takes it over within
                seconds, and its values are those of the installed version after an upgrade.
                The same file, with the name alone, may be there before the installation;
                the word none in it ends the proposal of a profile.

                Options
                  --apply               apply it; as root where the folder belongs to root
                  --revert              remove the file that names it
                  --help                print this

                Exit codes
                  0    it is shown, applied or reverted; also if it was already
                  64   the command line is not understood; there is no such profile
                  66   the configuration folder cannot be read
                  70   the installation is not whole
                  73   the file cannot be written, or has lines of yours; nothing is changed
                """);
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException {
        Order order = order(new Arguments(this, arguments));
        Folders folders = surroundings.folders();
        ProfileMark mark = new ProfileMark(folders.config());
        Set<String> names = names(folders);
        String name = order.name();
        PrintStream out = surroundings.out();
        if (order.action() == Action.SHOW && mark.isEmptied()) {
            out.println(mark.path() + " is empty, as after a power cut: an agent that knew the profile before keeps it."
                    + " --apply or --revert of a profile decides.");
        }
        if (name == null) {
            list(names, mark, surroundings);
            return ExitCodes.OK;
        }
        Profile profile = find(name, names, folders);
        List<String> listing = listing(profile, folders);
        switch (order.action()) {
            case APPLY -> {
                mark.write(name);
                out.println(name + " is applied, by " + mark.path() + ". Your .cfg files are unchanged. It sets:");
                listing.forEach(out::println);
                out.println();
                out.println("A running agent takes it over within seconds; 'tidewatch profile " + name
                        + " --revert' takes it back.");
            }
            case REVERT -> revert(name, mark, out);
            case SHOW -> {
                boolean applied = mark.name().equals(Optional.of(name));
                out.println(
                        applied
                                ? name + " is applied, by " + mark.path() + ". It sets:"
                                : name + " is not applied. 'tidewatch profile " + name + " --apply' would set:");
                listing.forEach(out::println);
            }
        }
        return ExitCodes.OK;
    }

    private static Order order(Arguments rest) throws CommandException {
        String name = null;
        Action action = Action.SHOW;
        for (String option = rest.option(); option != null; option = rest.option()) {
            if (!option.startsWith("-")) {
                if (name != null) {
                    throw rest.unknown(option);
                }
                name = option;
                continue;
            }
            Action asked =
                    switch (option) {
                        case "--apply" -> Action.APPLY;
                        case "--revert" -> Action.REVERT;
                        default -> throw rest.unknown(option);
                    };
            if (action != Action.SHOW && action != asked) {
                throw rest.wrong("--apply and --revert exclude each other");
            }
            action = asked;
        }
        if (name == null && action != Action.SHOW) {
            throw rest.wrong("'profile' needs the name of a profile");
        }
        return new Order(name, action);
    }

    private static Set<String> names(Folders folders) throws CommandException {
        try {
            Set<String> names = Profile.names(folders.home().toString());
            if (!names.isEmpty()) {
                return names;
            }
        } catch (IOException e) {
            throw broken(folders, FileFailure.reason(e));
        }
        throw broken(folders, "it has none");
    }

    private static Profile find(String name, Set<String> names, Folders folders) throws CommandException {
        try {
            return Profile.find(folders.home().toString(), name)
                    .orElseThrow(() -> CommandException.usage(
                            "profile",
                            "'" + DisplayText.plain(name) + "' is no profile; there are: " + String.join(", ", names)));
        } catch (IOException e) {
            throw broken(folders, FileFailure.reason(e));
        }
    }

    private static List<String> listing(Profile profile, Folders folders) throws CommandException {
        try {
            return listing(profile, folders.config());
        } catch (IOException e) {
            throw CommandException.unreadable(folders.config(), e);
        }
    }

    /** What a profile sets in a configuration folder, file by file; {@code +} marks what comes from the profile. */
    private static List<String> listing(Profile profile, Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        String file = "";
        for (Profile.Setting setting : profile.settings(folder)) {
            if (!setting.file().equals(file)) {
                file = setting.file();
                lines.add(file);
            }
            lines.add(line(setting));
        }
        for (String unused : profile.unused(folder)) {
            lines.add(unused);
            lines.add("    not used, beside your files of instances");
        }
        List<Path> missing = profile.unitFiles().stream()
                .filter(unit -> Files.notExists(UNITS.resolve(unit.getFileName()))
                        && Files.notExists(DROP_INS.resolve(unit.getFileName())))
                .toList();
        if (!missing.isEmpty()) {
            lines.add("");
            lines.add(
                    "Parts of it need more of systemd; the head of each file has its purpose and how it is installed:");
            missing.forEach(unit -> lines.add("    " + unit));
        }
        return lines;
    }

    private static String line(Profile.Setting setting) {
        String own = setting.own();
        if (setting.key().isEmpty()) {
            return "  + starts it, with its defaults";
        }
        if (own == null) {
            return "  + " + pair(setting.key(), setting.value());
        }
        return "    " + pair(setting.key(), own) + "  (yours"
                + (own.equals(setting.value()) ? ")" : "; the profile has " + DisplayText.plain(setting.value()) + ")");
    }

    private static String pair(String key, String value) {
        return DisplayText.plain(key + " = " + value);
    }

    private static void list(Set<String> names, ProfileMark mark, Surroundings surroundings) throws CommandException {
        Optional<String> chosen = mark.name();
        Columns columns = new Columns();
        for (String name : names) {
            columns.add(List.of(name, chosen.equals(Optional.of(name)) ? "applied" : "not applied"));
        }
        columns.lines(surroundings.terminal()).forEach(surroundings.out()::println);
    }

    private static void revert(String name, ProfileMark mark, PrintStream out) throws CommandException {
        Optional<String> chosen = mark.name();
        if (chosen.equals(Optional.of(name)) || mark.isEmptied()) {
            mark.remove(name);
            out.println(name + " is reverted: " + mark.path() + " is removed. Your .cfg files are unchanged.");
        } else {
            out.println(name + " is not applied"
                    + chosen.map(other -> ": " + mark.path() + " names " + DisplayText.plain(other) + ", and stays")
                            .orElse("")
                    + ".");
        }
    }

    private static CommandException broken(Folders folders, String reason) {
        return new CommandException(
                ExitCodes.BROKEN_INSTALLATION,
                "The profiles of the installation " + folders.home() + " cannot be read (" + reason
                        + "). Install tidewatch again.");
    }
}
