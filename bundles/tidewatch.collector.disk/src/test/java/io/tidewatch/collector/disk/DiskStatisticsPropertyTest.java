package io.tidewatch.collector.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import io.tidewatch.testing.collector.RealMachine;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class DiskStatisticsPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return """
                 179       0 mmcblk0 69023 11644 4942418 17406 698707 90797 11380408 74112 3 46684 111214 1 2 3 4 5 6
                 259       0 nvme0n1 10 20 30 40 50 60 70 80 0 100 110
                """;
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        while (fields.nextLine()) {
            DiskStatistics.read(fields, DiskStatistics.device(fields), new Diagnostics());
        }
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @AlphaChars @StringLength(min = 1, max = 32) String name,
            @ForAll @Size(11) List<@LongRange(max = Long.MAX_VALUE / 512 - 1) Long> numbers)
            throws ProcFormatException {
        Fields fields = ParserContract.text(String.format(
                Locale.ROOT,
                "%4d %7d %s %s\n",
                179,
                0,
                name,
                numbers.stream().map(String::valueOf).collect(Collectors.joining(" "))));
        fields.nextLine();

        assertThat(DiskStatistics.device(fields)).isEqualTo(name);
        assertThat(RealMachine.valuesOf(DiskStatistics.read(fields, name, new Diagnostics())))
                .containsOnly(
                        entry("disk.read_ops_total[" + name + "]", (double) (long) numbers.get(0)),
                        entry("disk.read_bytes_total[" + name + "]", (double) (numbers.get(2) * 512)),
                        entry("disk.read_time_ms_total[" + name + "]", (double) (long) numbers.get(3)),
                        entry("disk.write_ops_total[" + name + "]", (double) (long) numbers.get(4)),
                        entry("disk.write_bytes_total[" + name + "]", (double) (numbers.get(6) * 512)),
                        entry("disk.write_time_ms_total[" + name + "]", (double) (long) numbers.get(7)),
                        entry("disk.io_in_progress[" + name + "]", (double) (long) numbers.get(8)),
                        entry("disk.io_time_ms_total[" + name + "]", (double) (long) numbers.get(9)),
                        entry("disk.io_time_weighted_ms_total[" + name + "]", (double) (long) numbers.get(10)));
    }
}
