package io.tidewatch.itest.rivals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessReadingTest {
    @TempDir
    private Path process;

    @Test
    void takesEachFigureFromItsFile() throws Exception {
        write("smaps_rollup", "1-2 ---p 0 0:0 0 [rollup]\nRss: 300 kB\nPss: 200 kB\nAnonymous: 100 kB\n");
        write("status", "Name:\tx\nVmHWM:\t  400 kB\nVmRSS:\t  300 kB\nThreads:\t2\nvoluntary_ctxt_switches:\t1\n");
        write("stat", "7 (x) S 1 2 3 0 -1 4 5 6 7 8 10 20 30 40 20 0 2 0 4 5 6\n");
        write("io", "rchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: 8192\ncancelled_write_bytes: 4\n");
        write("task/7/status", "voluntary_ctxt_switches:\t11\nnonvoluntary_ctxt_switches:\t99\n");
        write("task/8/status", "voluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t99\n");

        assertThat(ProcessReading.of(process))
                .isEqualTo(new ProcessReading(300, 200, 100, 400, 2, 100, Map.of(7L, 11L, 8L, 5L), 8192));
    }

    @Test
    void countsWakeupsOfThreadsThatAreThere() {
        ProcessReading earlier = reading(Map.of(1L, 100L, 2L, 50L));
        ProcessReading later = reading(Map.of(1L, 130L, 3L, 7L));
        assertThat(later.wakeupsSince(earlier)).isEqualTo(37);
    }

    @Test
    void readsRealProcessesAndTakesThemTogether() throws Exception {
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            ProcessReading alone = ProcessReading.of(List.of(other.pid()));
            ProcessReading both =
                    ProcessReading.of(List.of(ProcessHandle.current().pid(), other.pid()));
            assertThat(alone.threads()).isEqualTo(1);
            assertThat(alone.residentKb()).isBetween(1L, 100_000L);
            assertThat(both.threads()).isGreaterThan(2);
            assertThat(both.residentKb()).isGreaterThan(alone.residentKb());
            assertThat(both.proportionalKb()).isBetween(1L, both.residentKb());
            assertThat(both.voluntarySwitches()).containsKey(other.pid()).hasSizeGreaterThan(2);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private static ProcessReading reading(Map<Long, Long> switches) {
        return new ProcessReading(0, 0, 0, 0, 0, 0, switches, 0);
    }

    private void write(String name, String text) throws IOException {
        Path file = process.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
