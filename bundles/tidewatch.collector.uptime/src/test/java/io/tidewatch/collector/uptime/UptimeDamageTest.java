package io.tidewatch.collector.uptime;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class UptimeDamageTest implements DamageContract {
    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write("proc/uptime", "12345.67 23456.78\n");
        tree.write("proc/stat", "cpu  1 2 3 4\nintr 5\nbtime 1700000000\nprocesses 7\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new UptimeCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row("proc/uptime", 0, "system.uptime_seconds\\[]"),
                Row.of("proc/stat", 0),
                new Row("proc/stat", 2, "system.boot_time_seconds\\[]"));
    }
}
