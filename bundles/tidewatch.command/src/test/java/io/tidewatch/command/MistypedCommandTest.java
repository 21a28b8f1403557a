package io.tidewatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a newcomer types wrong has one line for an answer, which tells what to type instead. */
class MistypedCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "staus              | did you mean 'status'?",
                "--status           | did you mean 'status'?",
                "exprot             | did you mean 'export'?",
                "pages              | did you mean 'page'?",
                "start              | 'systemctl start tidewatch' starts the service",
                "stop               | 'systemctl stop tidewatch' stops the service",
                "logs               | 'journalctl -u tidewatch' shows the log",
                "config             | edit the .cfg files; 'tidewatch check' validates them",
                "frobnicate         | Unknown command 'frobnicate'. 'tidewatch --help' shows what there is.",
                "status --jsn       | did you mean --json?",
                "status extra       | 'status' takes no 'extra'. 'tidewatch status --help'",
                "page --adress x    | did you mean --address?",
                "page --json        | Unknown option '--json'. 'tidewatch page --help'",
                "doctor --verbose   | Unknown option '--verbose'. 'tidewatch doctor --help'",
                "tail --folow       | did you mean --follow?",
                "tail -n many       | -n is 'many'; accepted: a whole number from 1 to 100000",
                "tail --tag core    | accepted: NAME=VALUE such as core=all",
                "tail cpu load      | 'tail' takes no 'load'",
                "try                | 'try' needs a collector, a jar, a URL, a file.prom, or -- and a command",
                "try cpu load       | 'try' takes no 'load'",
                "try --             | 'try' needs a collector",
                "try cpu -- id      | 'try' takes no 'cpu'",
                "try --jsn cpu      | did you mean --json?",
                "try --interval=1s cpu | 'cpu' has its settings in its .cfg",
                "try #nonsense      | '#nonsense' is no collector, jar, URL, folder or file.prom",
                "profil             | did you mean 'profile'?",
                "profile a b        | 'profile' takes no 'b'",
                "profile --aply     | did you mean --apply?",
                "profile --apply    | 'profile' needs the name of a profile",
                "profile a --apply --revert | --apply and --revert exclude each other",
                "migrate --dryrun   | did you mean --dry-run?"
            })
    void isAnsweredInALineThatSaysWhatToDo(String typed, String answer) throws Exception {
        CommandRun.Ended ended = new CommandRun(folder).run(typed.split(" "));

        assertThat(ended.exitCode()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("tidewatch: ").hasLineCount(1).contains(answer);
    }
}
