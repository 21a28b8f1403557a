package io.tidewatch.collector.cpufreq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class FrequencyPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "2352000\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        assertThat(CorePolicies.hertz(fields)).isNotNegative();
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll @LongRange(max = 100_000_000_000L) long kilohertz)
            throws ProcFormatException {
        Fields fields = ParserContract.text(kilohertz + "\n");
        fields.nextLine();

        assertThat(CorePolicies.hertz(fields)).isEqualTo(kilohertz * 1000.0);
    }
}
