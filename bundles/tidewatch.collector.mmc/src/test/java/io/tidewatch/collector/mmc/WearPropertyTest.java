package io.tidewatch.collector.mmc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WearPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "0x02 0x01\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        assertThat(Wear.lifeUsedPercent(fields)).isBetween(Wear.ABSENT, 100);
        assertThat(Wear.reserveState(fields)).isBetween(Wear.ABSENT, 3);
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @IntRange(min = 1, max = 11) int step, @ForAll @IntRange(min = 1, max = 3) int state)
            throws ProcFormatException {
        // As drivers/mmc/core/mmc.c: two digits each.
        Fields fields = ParserContract.text(String.format(Locale.ROOT, "0x%02x 0x%02x\n", step, state));
        fields.nextLine();

        assertThat(Wear.lifeUsedPercent(fields)).isEqualTo(10 * step - 10);
        assertThat(Wear.reserveState(fields)).isEqualTo(state);
    }
}
