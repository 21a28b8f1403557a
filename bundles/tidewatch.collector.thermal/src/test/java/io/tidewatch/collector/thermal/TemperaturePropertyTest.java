package io.tidewatch.collector.thermal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TemperaturePropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "-4384\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        new Temperatures().read("zone", fields);
    }

    @Property
    void readsBackThousandths(@ForAll @IntRange(min = -40_000, max = 150_000) int milli) throws ProcFormatException {
        Temperatures temperatures = new Temperatures();
        temperatures.read("zone", text(44_384));

        assertThat(temperatures.read("zone", text(milli))).isEqualTo(milli / 1000.0);
    }

    @Property
    void readsBackWholeDegrees(@ForAll @IntRange(min = -40, max = 150) int degrees) throws ProcFormatException {
        assertThat(new Temperatures().read("zone", text(degrees))).isEqualTo(degrees);
    }

    private static Fields text(int number) {
        Fields fields = ParserContract.text(number + "\n");
        fields.nextLine();
        return fields;
    }
}
