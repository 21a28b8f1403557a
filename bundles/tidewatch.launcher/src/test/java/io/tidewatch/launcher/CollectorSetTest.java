package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorSetTest {
    @ParameterizedTest
    @CsvSource({"Linux,LINUX", "Mac OS X,PORTABLE", "FreeBSD,PORTABLE", "Windows 11,PORTABLE"})
    void theSystemDecidesWhereNothingIsSaid(String system, CollectorSet chosen) throws Exception {
        assertThat(CollectorSet.choose(Map.of(), system)).isEqualTo(chosen);
        assertThat(CollectorSet.choose(Map.of("TIDEWATCH_COLLECTORS", " "), system))
                .isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({"linux,LINUX", "portable,PORTABLE", "' Portable',PORTABLE"})
    void theEnvironmentOverridesTheSystem(String value, CollectorSet chosen) throws Exception {
        for (String system : new String[] {"Linux", "Mac OS X"}) {
            assertThat(CollectorSet.choose(Map.of("TIDEWATCH_COLLECTORS", value), system))
                    .isEqualTo(chosen);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oshi", "linux,portable", "6.linux"})
    void refusesWhatIsNoSetAndSaysWhatIs(String value) {
        assertThatExceptionOfType(LaunchException.class)
                .isThrownBy(() -> CollectorSet.choose(Map.of("TIDEWATCH_COLLECTORS", value), "Linux"))
                .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCode.BAD_START_CONFIGURATION))
                .withMessageContainingAll("TIDEWATCH_COLLECTORS", "'" + value + "'", "linux, portable");
    }

    @Test
    void theHelpNamesTheVariableAndEverySet() {
        assertThat(CommandLine.help()).contains(CollectorSet.VARIABLE);
        for (CollectorSet set : CollectorSet.values()) {
            assertThat(CommandLine.help()).contains(set.label() + ":");
        }
    }
}
