package io.tidewatch.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the operator asks for. */
enum CommandLine {
    RUN,
    CHECK,
    VERSION,
    /** Prints the commands; also for an empty command line. */
    HELP;

    /** @throws LaunchException with {@link ExitCode#USAGE} if the arguments are not understood */
    static CommandLine parse(String... arguments) throws LaunchException {
        List<String> rest = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        if (arguments.length == 0 || rest.contains("--help") || rest.contains("-h")) {
            return HELP;
        }
        CommandLine command =
                switch (arguments[0]) {
                    case "run" -> RUN;
                    case "--check", "check" -> CHECK;
                    case "--version", "-V", "version" -> VERSION;
                    case "--help", "-h", "help" -> HELP;
                    default -> throw usage("Unknown command '" + arguments[0] + "'");
                };
        if (command == CHECK && arguments.length > 2) {
            throw usage("'--check' takes one folder, but was also given '" + arguments[2] + "'");
        }
        if (command != CHECK && arguments.length > 1) {
            throw usage("'" + arguments[0] + "' takes no arguments, but was given '" + arguments[1] + "'");
        }
        return command;
    }

    private static LaunchException usage(String message) {
        return new LaunchException(ExitCode.USAGE, message + ". 'tidewatch --help' shows what there is.");
    }

    static String help() {
        String exitCodes = Arrays.stream(ExitCode.values())
                .map(code -> String.format(Locale.ROOT, "  %-3d  %s%n", code.number, code.meaning))
                .collect(Collectors.joining());
        return """
                tidewatch: a store-and-forward metrics agent

                Commands
                  tidewatch run         run in the foreground; SIGTERM or Ctrl-C stops it
                  tidewatch status      the status of the running agent
                  tidewatch page        the address of the page of this device
                  tidewatch doctor      look for what keeps it from its work, and what to do
                  tidewatch tail        the newest samples; -f follows
                  tidewatch try         run a collector or a command once and print its samples
                  tidewatch profile     show or apply a profile of configuration
                  tidewatch migrate     turn the configuration of the original agent into .cfg
                                        files
                  tidewatch export      write stored samples to a file for VictoriaMetrics,
                                        beside a running agent or without one
                  tidewatch backup      copy the database of an agent that runs or not, and
                                        verify the copy
                  tidewatch --check [folder]
                                        validate the .cfg files of the folder (default:
                                        TIDEWATCH_CONFIG) as the agent does, without starting
                                        it; names every mistake by file and line
                  tidewatch archive     make the class archive that the next start uses, if
                                        there is none that fits; it saves memory and time, see
                                        docs/decisions/012
                  tidewatch --version   print the version
                  tidewatch --help      print this; after another command, explain that

                Environment
                  TIDEWATCH_CONFIG      folder of .cfg files (default: config/ of the
                                        installation)
                  TIDEWATCH_STATE       folder for the database and caches (default:
                                        /var/lib/tidewatch if it can be written, else
                                        $XDG_STATE_HOME/tidewatch or ~/.local/state/tidewatch)
                  TIDEWATCH_DEPLOY      folder of jars to add while running (default: deploy/ of
                                        the installation if it is there, else deploy/ of the
                                        state folder)
                  TIDEWATCH_COLLECTORS  linux: collectors that read /proc; portable: those of a
                                        library, for other systems (default: linux on Linux,
                                        else portable)
                  TIDEWATCH_JAVA_OPTS   more options for Java; they win over the agent's own
                  JAVA_HOME             the Java to use, 17 or newer (default: java on the PATH)

                Exit codes
                """
                + exitCodes;
    }
}
