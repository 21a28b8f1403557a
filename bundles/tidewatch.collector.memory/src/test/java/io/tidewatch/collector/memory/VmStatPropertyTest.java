package io.tidewatch.collector.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.testing.collector.ParserContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class VmStatPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "nr_free_pages 2321045\noom_kill 3\nnuma_hit 0\n";
    }

    @Override
    public void parse(Fields fields) {
        assertThat(MemoryCollector.oomKills(fields, new Diagnostics())).isGreaterThanOrEqualTo(MemInfo.ABSENT);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll @LongRange(max = Long.MAX_VALUE - 1) long kills) {
        assertThat(MemoryCollector.oomKills(
                        ParserContract.text("pgfault 7\noom_kill " + kills + "\nnuma_hit 0\n"), new Diagnostics()))
                .isEqualTo(kills);
    }
}
