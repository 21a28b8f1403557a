package io.tidewatch.collector.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PercentPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "98.26%\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        assertThat(Percent.read(fields)).isBetween(0.0, 100.0);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll @IntRange(max = 10_000) int hundredths) throws ProcFormatException {
        Fields fields =
                ParserContract.text(String.format(Locale.ROOT, "%3d.%02d%%\n", hundredths / 100, hundredths % 100));
        fields.nextLine();

        assertThat(Percent.read(fields)).isEqualTo(hundredths / 100.0);
    }
}
