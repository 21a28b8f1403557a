package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource({
        "run, RUN",
        "--check, CHECK",
        "check, CHECK",
        "check folder, CHECK",
        "--version, VERSION",
        "-V, VERSION",
        "version, VERSION",
        "--help, HELP",
        "-h, HELP",
        "help, HELP",
        "run --help, HELP",
        "check -h, HELP",
        "run -h now, HELP",
    })
    void takesWhatPeopleType(String line, CommandLine expected) throws Exception {
        assertThat(CommandLine.parse(line.split(" ", -1))).isEqualTo(expected);
    }

    @Test
    void saysWhatToTypeInstead() {
        for (String line : new String[] {"start", "run now", "check a b", "version 2"}) {
            assertThatThrownBy(() -> CommandLine.parse(line.split(" ", -1)))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("'tidewatch --help' shows what there is");
        }
    }
}
