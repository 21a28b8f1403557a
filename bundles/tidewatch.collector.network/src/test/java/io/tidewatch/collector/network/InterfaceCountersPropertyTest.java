package io.tidewatch.collector.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class InterfaceCountersPropertyTest implements ParserContract {
    private static final String HEADER =
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            """;

    @Override
    public String validText() {
        return HEADER
                + "    lo: 1296540    2103    0    0    0     0          0         0  1296540    2103    0    0    0     0       0          0\n"
                + "enP4p65s0: 7 6 5 4 3 2 1 0 7 6 5 4 3 2 1 0\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        InterfaceCounters.skipHeader(fields, new Diagnostics());
        while (fields.nextLine()) {
            new InterfaceCounters().read(fields, InterfaceCounters.name(fields), new Diagnostics());
        }
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @CharRange(from = '0', to = '~') @StringLength(min = 1, max = 15) String name,
            @ForAll @Size(16) List<@LongRange(max = Long.MAX_VALUE - 1) Long> numbers)
            throws ProcFormatException {
        // As net/core/net-procfs.c.
        Fields fields = ParserContract.text(String.format(
                Locale.ROOT,
                "%6s: %7d %7d %4d %4d %4d %5d %10d %9d %8d %7d %4d %4d %4d %5d %7d %10d\n",
                Stream.concat(Stream.of(name), numbers.stream()).toArray()));
        fields.nextLine();
        InterfaceCounters counters = new InterfaceCounters();

        assertThat(InterfaceCounters.name(fields)).isEqualTo(name);
        counters.read(fields, name, new Diagnostics());
        assertThat(InterfaceCounters.Counter.ALL.stream().map(counters::get))
                .containsExactly(
                        numbers.get(0),
                        numbers.get(1),
                        numbers.get(2),
                        numbers.get(3),
                        numbers.get(8),
                        numbers.get(9),
                        numbers.get(10),
                        numbers.get(11));
    }
}
