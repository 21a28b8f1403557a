package io.tidewatch.collector.pressure;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class PressureDamageTest implements DamageContract {
    private static final String AVERAGES = " avg10=0.12 avg60=3.45 avg300=6.78 total=";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write("proc/pressure/cpu", "some" + AVERAGES + "1366863150\n");
        tree.write("proc/pressure/memory", "some" + AVERAGES + "27061872\nfull" + AVERAGES + "15701172\n");
        tree.write("proc/pressure/io", "some" + AVERAGES + "1\nfull" + AVERAGES + "0\n");
        tree.write("proc/pressure/irq", "full" + AVERAGES + "2000000\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new PressureCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row("proc/pressure/cpu", 0, ".*\\[cpu]"),
                new Row("proc/pressure/memory", 0, ".*waiting.*\\[memory]"),
                new Row("proc/pressure/memory", 1, ".*stalled.*\\[memory]"),
                new Row("proc/pressure/io", 0, ".*waiting.*\\[io]"),
                new Row("proc/pressure/io", 1, ".*stalled.*\\[io]"),
                new Row("proc/pressure/irq", 0, ".*\\[irq]"));
    }
}
