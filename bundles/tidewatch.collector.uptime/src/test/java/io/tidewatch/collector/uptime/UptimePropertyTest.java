package io.tidewatch.collector.uptime;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class UptimePropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "12345.67 23456.78\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        UptimeCollector.seconds(fields);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll @LongRange(max = 900_000_000_000L) long hundredths)
            throws ProcFormatException {
        String text = String.format(Locale.ROOT, "%d.%02d 0.00\n", hundredths / 100, hundredths % 100);

        assertThat(UptimeCollector.seconds(ParserContract.text(text))).isEqualTo(hundredths / 100.0);
    }
}
