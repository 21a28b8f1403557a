package io.tidewatch.collector.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class CgroupFilePropertyTest implements ParserContract {
    private static final List<String> NAMES = List.of("nr_periods", "nr_throttled");

    @Override
    public String validText() {
        return "150000 100000\nnr_periods 81204\nnr_throttled 402\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        assertThat(CgroupFile.cpuQuota(fields)).isPositive();
        assertThat(CgroupFile.memoryLimit(fields)).isNotNegative();
        assertThat(CgroupFile.rows(fields, NAMES, "cpu.stat", new Diagnostics()))
                .hasSize(2);
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @LongRange(max = (1L << 60) - 1) long limit,
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE - 1) long quota,
            @ForAll @LongRange(max = Long.MAX_VALUE - 1) long throttled)
            throws ProcFormatException {
        Fields fields = ParserContract.text(limit + "\n" + quota + "\nnr_throttled " + throttled + "\nx 1\n");
        fields.nextLine();
        assertThat(CgroupFile.memoryLimit(fields)).isEqualTo((double) limit);
        fields.nextLine();
        assertThat(CgroupFile.cpuQuota(fields)).isEqualTo((double) quota);
        assertThat(CgroupFile.rows(fields, NAMES, "cpu.stat", new Diagnostics()))
                .containsExactly(Double.NaN, (double) throttled);
    }
}
