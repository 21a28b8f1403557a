package io.tidewatch.collector.cpufreq;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class CpuFreqDamageTest implements DamageContract {
    private static final String POLICY = "sys/devices/system/cpu/cpufreq/policy";
    private static final String COOLING = "sys/class/thermal/cooling_device";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        for (int policy : new int[] {0, 4}) {
            tree.write(POLICY + policy + "/affected_cpus", policy + " " + (policy + 1) + "\n");
            tree.write(POLICY + policy + "/scaling_cur_freq", "1416000\n");
            tree.write(POLICY + policy + "/cpuinfo_max_freq", "1800000\n");
        }
        tree.write(COOLING + "1/type", "cpufreq-cpu0\n");
        tree.write(COOLING + "1/cur_state", "0\n");
        tree.write(COOLING + "1/max_state", "8\n");
        tree.write(COOLING + "3/type", "pwm-fan\n");
        tree.write(COOLING + "3/cur_state", "2\n");
        tree.write(COOLING + "3/max_state", "4\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new CpuFreqCollector(procFs);
    }

    /** Of the type any text is one. A short list of cores is one, too. */
    @Override
    public List<Row> rows() {
        return List.of(
                new Row(POLICY + "0/affected_cpus", 0, "cpu.*\\[[01]]"),
                new Row(POLICY + "0/scaling_cur_freq", 0, "cpu.frequency_hertz\\[[01]]"),
                new Row(POLICY + "4/cpuinfo_max_freq", 0, "cpu.frequency_max_hertz\\[[45]]"),
                new Row(COOLING + "1/cur_state", 0, "thermal.cooling_state\\[cooling_device1.*|cpu.throttled\\[]"),
                new Row(COOLING + "3/cur_state", 0, "thermal.cooling_state\\[cooling_device3.*"),
                new Row(COOLING + "3/max_state", 0, "thermal.cooling_max_state\\[cooling_device3.*"));
    }

    @Override
    public List<Damage> damages() {
        return List.of(Damage.GARBAGE_FIELD, Damage.WRAPPED_FIELD, Damage.GARBAGE_ROW, Damage.CONTROL_CHARACTERS);
    }
}
