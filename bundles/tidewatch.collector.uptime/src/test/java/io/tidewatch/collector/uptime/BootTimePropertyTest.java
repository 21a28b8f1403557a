package io.tidewatch.collector.uptime;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class BootTimePropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "cpu  1 2 3 4\nintr 5\nctxt 6\nbtime 1700000000\nprocesses 7\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        UptimeCollector.bootTime(fields);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll @LongRange(max = Long.MAX_VALUE - 1) long seconds)
            throws ProcFormatException {
        assertThat(UptimeCollector.bootTime(ParserContract.text("ctxt 1\nbtime " + seconds + "\n")))
                .isEqualTo(seconds);
    }
}
