package io.tidewatch.collector.cpufreq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;

class CoolingTypePropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "cpufreq-cpu0\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        assertThat(CoolingDevices.type(fields)).isNotBlank();
    }
}
