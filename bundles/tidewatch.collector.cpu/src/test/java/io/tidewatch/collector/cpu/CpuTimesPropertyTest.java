package io.tidewatch.collector.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class CpuTimesPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "cpu  200 0 100 1000 100 0 0 0 0 0\ncpu0 100 0 50 500 50 0 0 0 0 0\ncpu7 1 2 3 4\nintr 5\nbtime 6\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        new CpuTimes().read(fields, new Diagnostics());
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @Size(min = 1, max = 70) List<@Size(10) List<@LongRange(max = 1L << 56) Long>> rows)
            throws ProcFormatException {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            text.append(row == 0 ? "cpu " : "cpu" + (row - 1))
                    .append(' ')
                    .append(rows.get(row).stream().map(String::valueOf).collect(Collectors.joining(" ")))
                    .append('\n');
        }
        CpuTimes times = new CpuTimes();
        times.read(ParserContract.text(text + "intr 1 2 3\n"), new Diagnostics());

        assertThat(times.rows()).isEqualTo(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            assertThat(times.isPresent(row)).isTrue();
            // Guest time, the last two, is part of user.
            for (int field = 0; field < CpuTimes.FIELDS; field++) {
                assertThat(times.ticks(row, field)).isEqualTo(rows.get(row).get(field));
            }
        }
    }
}
