package io.tidewatch.collector.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class MemInfoPropertyTest implements ParserContract {
    private static final long MOST_KIB = Long.MAX_VALUE >> 10;

    @Override
    public String validText() {
        return """
                MemTotal:        8123456 kB
                MemFree:          123456 kB
                MemAvailable:    4123456 kB
                SwapTotal:       4061728 kB
                SwapFree:        4061720 kB
                HugePages_Total:       0
                """;
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        MemInfo.read(fields, new Diagnostics());
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @LongRange(max = MOST_KIB) long total,
            @ForAll @LongRange(max = MOST_KIB) long available,
            @ForAll @LongRange(max = MOST_KIB) long swapFree)
            throws ProcFormatException {
        // As fs/proc/meminfo.c: the number to the right of eight places.
        MemInfo memory = MemInfo.read(
                ParserContract.text(String.format(
                        Locale.ROOT,
                        "MemTotal:       %8d kB\nMemAvailable:   %8d kB\nSwapFree:       %8d kB\n",
                        total,
                        available,
                        swapFree)),
                new Diagnostics());

        assertThat(memory.total()).isEqualTo(total << 10);
        assertThat(memory.available()).isEqualTo(available << 10);
        assertThat(memory.swapTotal()).isEqualTo(MemInfo.ABSENT);
        assertThat(memory.swapFree()).isEqualTo(swapFree << 10);
    }
}
