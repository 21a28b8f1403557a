package io.tidewatch.collector.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
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
    public void parse(Fields fields) throws ProcFormatException {
        Stalls.read(fields);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll @LongRange(min = -1) long some, @ForAll @LongRange(min = 0) long full)
            throws ProcFormatException {
        String first = some == Stalls.ABSENT ? "" : "some" + AVERAGES + some + "\n";

        assertThat(Stalls.read(ParserContract.text(first + "full" + AVERAGES + full + "\n")))
                .isEqualTo(new Stalls(some, full));
    }
}
