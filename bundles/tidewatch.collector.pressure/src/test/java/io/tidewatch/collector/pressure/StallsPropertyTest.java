package io.tidewatch.collector.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.testing.collector.ParserContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class StallsPropertyTest implements ParserContract {
    private static final String AVERAGES = " avg10=0.00 avg60=0.00 avg300=0.00 total=";

    @Override
    public String validText() {
        return "some" + AVERAGES + "1366863150\nfull" + AVERAGES + "0\n";
    }

    @Override
    public void parse(Fields fields) {
        Stalls.read(fields, "cpu", new Diagnostics());
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @LongRange(min = -1, max = Long.MAX_VALUE - 1) long some,
            @ForAll @LongRange(max = Long.MAX_VALUE - 1) long full) {
        String first = some == Stalls.ABSENT ? "" : "some" + AVERAGES + some + "\n";

        assertThat(Stalls.read(ParserContract.text(first + "full" + AVERAGES + full + "\n"), "cpu", new Diagnostics()))
                .isEqualTo(new Stalls(some, full));
    }
}
