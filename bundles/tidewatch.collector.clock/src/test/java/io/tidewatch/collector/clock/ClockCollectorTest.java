package io.tidewatch.collector.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.SourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockCollectorTest implements SourceContract, DocumentedCollector {
    private static final int TIMEX_BYTES = 208;

    /** Collects in a process of its own, and prints what is reported and noted. */
    static final class Collect {
        private Collect() {}

        public static void main(String[] arguments) throws IOException {
            ClockCollector collector = new ClockCollector();
            for (int pass = 0; pass < 2; pass++) {
                System.out.println(collector.collect() + " "
                        + collector.diagnostics().stream()
                                .map(Diagnostic::message)
                                .toList());
            }
        }
    }

    @Override
    public Collector typicalCollector() {
        return new ClockCollector(() -> 20_118);
    }

    @Override
    public Collector collectorWithoutSource() {
        return new ClockCollector(() -> {
            throw new ClockCollector.KernelClock.NotReadableException(
                    "adjtimex is not permitted here", new IOException());
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0.000001", "20118, 0.020118", "15999999, 15.999999"})
    void belowTheHighestBoundTheClockIsSynchronized(long micros, double seconds) throws Exception {
        assertThat(RealMachine.valuesOf(new ClockCollector(() -> micros).collect()))
                .isEqualTo(Map.of("clock.synchronized[]", 1.0, "clock.error_bound_seconds[]", seconds));
    }

    /** The bound is then where the kernel stops counting: nothing is known of the error. */
    @ParameterizedTest
    @ValueSource(longs = {16_000_000, 16_000_500, Long.MAX_VALUE})
    void atTheHighestBoundItIsNot(long micros) throws Exception {
        assertThat(RealMachine.valuesOf(new ClockCollector(() -> micros).collect()))
                .isEqualTo(Map.of("clock.synchronized[]", 0.0));
    }

    @Test
    void aBoundThatCannotBeIsAnError() {
        assertThatThrownBy(() -> new ClockCollector(() -> -32768).collect())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("-32768 µs");
    }

    @Test
    void aServiceThatMayNotReadItIsNotedAndNoDamage() throws Exception {
        ClockCollector collector = (ClockCollector) collectorWithoutSource();
        collector.collect();
        collector.collect();

        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.NOTE);
            assertThat(diagnostic.message()).isEqualTo("adjtimex is not permitted here");
        });
    }

    @ParameterizedTest
    @CsvSource({"8, 24", "4, 12"})
    void theBoundFollowsThreeWordsOfTheMachine(int longBytes, int offset) {
        try (Memory timex = new Memory(TIMEX_BYTES)) {
            timex.setMemory(0, TIMEX_BYTES, (byte) 0xFF);
            if (longBytes == Long.BYTES) {
                timex.setLong(offset, 16_000_000L);
            } else {
                timex.setInt(offset, 16_000_000);
            }

            assertThat(AdjTimex.maxError(timex, longBytes)).isEqualTo(16_000_000);
        }
    }

    /** Twice, as time daemons may set it between two readings; python3 asks the C library without Java. */
    @Test
    void readsWhatTheKernelOfThisMachineHas() throws Exception {
        long before = kernel();
        long bound = new AdjTimex().errorBoundMicros();
        long after = kernel();

        assertThat(bound).isBetween(Math.min(before, after), Math.max(before, after));
    }

    @Test
    void aMachineWithoutTheNativeLibraryIsNotedEachTime() throws Exception {
        String output = run(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Djna.noclasspath=true",
                "-cp",
                System.getProperty("java.class.path"),
                Collect.class.getName());

        assertThat(output.lines())
                .hasSize(2)
                .allMatch(
                        line -> line.equals("[] [no native library of JNA for this machine in jna.boot.library.path]"));
    }

    private static long kernel() throws Exception {
        return Long.parseLong(run(
                        "python3",
                        "-c",
                        "import ctypes; t = (ctypes.c_long * 32)(); ctypes.CDLL(None).adjtimex(t); print(t[3])")
                .strip());
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
