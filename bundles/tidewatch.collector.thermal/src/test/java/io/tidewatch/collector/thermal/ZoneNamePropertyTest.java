package io.tidewatch.collector.thermal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;

class ZoneNamePropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "INT3400 Thermal\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        assertThat(ThermalCollector.type(fields)).isNotBlank();
    }
}
