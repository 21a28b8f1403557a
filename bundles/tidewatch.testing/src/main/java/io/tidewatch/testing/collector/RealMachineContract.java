package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every collector of kernel files keeps on the machine that the tests run on: each metric is produced there if, and
 * only if, the machine has its source.
 */
public interface RealMachineContract extends SourceContract {
    /** The collector on the kernel files of this machine. */
    Collector collectorOn(ProcFs procFs);

    /** Whether this machine has the source of a metric, found out in another way than the collector does. */
    boolean thisMachineHas(Metric metric) throws Exception;

    @Test
    default void producesOnThisMachineWhatItHasTheSourceOf() throws Exception {
        Collector collector = collectorOn(RealMachine.procFs());
        Set<Metric> expected = new HashSet<>();
        for (Metric metric : collector.metrics()) {
            if (thisMachineHas(metric)) {
                expected.add(metric);
            }
        }
        Set<Metric> produced = new HashSet<>();
        for (int pass = 0; pass < passesUntilComplete(); pass++) {
            if (pass > 0) {
                RealMachine.burn(100);
            }
            collector.collect().forEach(sample -> produced.add(sample.metric()));
        }
        assertThat(produced).isEqualTo(expected);
    }
}
