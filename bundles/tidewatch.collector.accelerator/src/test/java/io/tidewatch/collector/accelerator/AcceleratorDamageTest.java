package io.tidewatch.collector.accelerator;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class AcceleratorDamageTest implements DamageContract {
    private static final String MPP = "proc/mpp_service/load";
    private static final String DEVFREQ = "sys/class/devfreq/";

    /** The first pass learns which cores there are. */
    @Override
    public int passesUntilComplete() {
        return 2;
    }

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(
                MPP,
                """
                fdbd0000.rkvenc-core      load:  98.26% utilization:  97.25%
                fdbe0000.rkvenc-core      load:  11.34% utilization:   9.08%
                fdc70000.av1d             load:   0.00% utilization:   0.00%
                """);
        tree.write(DEVFREQ + "fb000000.gpu/load", "42@300000000Hz\n");
        tree.write(DEVFREQ + "fb000000.gpu/cur_freq", "300000000\n");
        tree.write(DEVFREQ + "fdab0000.npu/cur_freq", "1000000000\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new AcceleratorCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(MPP, 0, ".*\\[rkvenc0]"),
                new Row(MPP, 1, ".*\\[rkvenc1]"),
                new Row(MPP, 2, ".*\\[av1d]"),
                new Row(DEVFREQ + "fb000000.gpu/load", 0, "accelerator.load_percent\\[gpu]"),
                new Row(DEVFREQ + "fb000000.gpu/cur_freq", 0, "accelerator.frequency_hertz\\[gpu]"),
                new Row(DEVFREQ + "fdab0000.npu/cur_freq", 0, "accelerator.frequency_hertz\\[npu]"));
    }
}
