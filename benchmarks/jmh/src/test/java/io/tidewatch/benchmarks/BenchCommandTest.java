package io.tidewatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./bench} refuses what it cannot measure before it builds anything. */
class BenchCommandTest {
    private static final Path SCRIPT = Path.of("../../bench");

    private record Result(int exitCode, String output) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; which measurement?",
                "nonsense; there is no command 'nonsense'.",
                "--minutes 5; there is no command '--minutes'.",
                "rivals --nonsense; there is no option '--nonsense'.",
                "rivals --minutes 0; --minutes takes a number from 1 to 120, not '0'.",
                "rivals --minutes; --minutes needs a value.",
                "store /nonsense; there is no folder '/nonsense'.",
                "store . five; MILLIONS takes a number from 1 to 100, not 'five'.",
                "uplink nonsense; 'uplink takes live, drain, bad or request, not ''nonsense''.'",
                "growth series backlog; '''backlog'' is an argument too many.'",
                "soak 2; MINUTES takes a number from 3 to 240000, not '2'.",
                "soak 300; MINUTES times SAMPLES_PER_SECOND is 240000 at most."
            })
    void wrongUseIsRefused(String arguments, String message) throws Exception {
        assertThat(bench(arguments)).isEqualTo(new Result(64, "bench: " + message + " Try ./bench --help\n"));
    }

    @Test
    void helpListsEachCommand() throws Exception {
        Result help = bench("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.output())
                .contains("\n  rivals ", "\n  store ", "\n  uplink ", "\n  growth ", "\n  soak ", "\n  jmh ");
        assertThat(bench("soak --help")).isEqualTo(help);
    }

    private static Result bench(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments.split(" ")).stream()
                .filter(argument -> !argument.isEmpty())
                .toList());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
