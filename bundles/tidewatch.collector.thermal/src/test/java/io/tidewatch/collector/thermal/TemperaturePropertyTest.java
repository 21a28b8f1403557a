package io.tidewatch.collector.thermal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TemperaturePropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "-44384\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        ThermalCollector.celsius(fields);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll int milli) throws ProcFormatException {
        Fields fields = ParserContract.text(milli + "\n");
        fields.nextLine();

        assertThat(ThermalCollector.celsius(fields)).isEqualTo(milli / 1000.0);
    }
}
