package io.tidewatch.collector.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ReadingPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "-12220\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        Readings.signed(fields);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll int number) throws ProcFormatException {
        Fields fields = ParserContract.text(number + "\n");
        fields.nextLine();

        assertThat(Readings.signed(fields)).isEqualTo(number);
    }
}
