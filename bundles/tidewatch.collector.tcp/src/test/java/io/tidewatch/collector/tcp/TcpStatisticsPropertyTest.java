package io.tidewatch.collector.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class TcpStatisticsPropertyTest implements ParserContract {
    private static final String NAMES = "Ip: Forwarding\nIp: 1\nTcp: MaxConn CurrEstab InSegs OutSegs RetransSegs\n";

    @Override
    public String validText() {
        return NAMES + "Tcp: -1 12 6670002 6593605 70780\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        long[] numbers = TcpStatistics.read(fields, new Diagnostics());
        assertThat(Arrays.stream(numbers).boxed()).hasSize(3).allMatch(number -> number >= TcpStatistics.ABSENT);
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @LongRange(max = Long.MAX_VALUE - 1) long established,
            @ForAll @LongRange(max = Long.MAX_VALUE - 1) long sent,
            @ForAll @LongRange(max = Long.MAX_VALUE - 1) long retransmitted)
            throws ProcFormatException {
        Fields fields =
                ParserContract.text(NAMES + "Tcp: -1 " + established + " 7 " + sent + " " + retransmitted + "\n");

        assertThat(TcpStatistics.read(fields, new Diagnostics())).containsExactly(established, sent, retransmitted);
    }
}
