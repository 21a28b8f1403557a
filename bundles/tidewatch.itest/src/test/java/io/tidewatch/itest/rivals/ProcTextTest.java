package io.tidewatch.itest.rivals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcTextTest {
    private static final String ROLLUP =
            """
            5581c0c1f000-7ffd2a9f3000 ---p 00000000 00:00 0                          [rollup]
            Rss:               76228 kB
            Pss:               71022 kB
            Pss_Anon:          38000 kB
            Anonymous:         38332 kB
            AnonHugePages:         0 kB
            """;

    @Test
    void findsANumberByItsWholeKey() {
        assertThat(ProcText.number(ROLLUP, "Rss")).isEqualTo(76228);
        assertThat(ProcText.number(ROLLUP, "Pss")).isEqualTo(71022);
        assertThat(ProcText.number(ROLLUP, "Anonymous")).isEqualTo(38332);
        String io = "wchar: 5\nwrite_bytes: 4096\ncancelled_write_bytes: 8192\n";
        assertThat(ProcText.number(io, "write_bytes")).isEqualTo(4096);
        String status = "nonvoluntary_ctxt_switches:\t7\nvoluntary_ctxt_switches:\t150\n";
        assertThat(ProcText.number(status, "voluntary_ctxt_switches")).isEqualTo(150);
    }

    @Test
    void namesTheKeyThatIsMissing() {
        assertThatThrownBy(() -> ProcText.number(ROLLUP, "Anon"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"Anon: <number>\"");
        assertThatThrownBy(() -> ProcText.number("Rss: many kB\n", "Rss")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addsUpTimesBehindAnyName() {
        String times = " S 1 2 3 0 -1 4194560 9999 0 1 0 110 22 3 4 20 0 12 0 4612 200 100 18446744073709551615 1\n";
        assertThat(ProcText.cpuTicks("42 (java)" + times)).isEqualTo(139);
        assertThat(ProcText.cpuTicks("42 (a b) R 1 (c)" + times)).isEqualTo(139);
    }

    @Test
    void refusesWhatIsNoStat() {
        assertThatThrownBy(() -> ProcText.cpuTicks("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcText.cpuTicks("42 (java) S 1 2 3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/proc/PID/stat");
        assertThatThrownBy(() -> ProcText.busyTicks("cpu0 1 2 3 4 5 6 7 8 9 10\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void idleAndStolenTimeIsNotBusy() {
        // user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice
        assertThat(ProcText.busyTicks("cpu  1 20 300 7777 8888 4000 50000 9999 600 700\ncpu0 9 9 9 9 9 9 9 9 9 9\n"))
                .isEqualTo(54321);
    }
}
