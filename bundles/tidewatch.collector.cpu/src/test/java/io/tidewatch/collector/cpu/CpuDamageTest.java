package io.tidewatch.collector.cpu;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class CpuDamageTest implements DamageContract {
    private static final String FILE = "proc/stat";

    @Override
    public int passesUntilComplete() {
        return 2;
    }

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        int user = 100 + 30 * pass;
        int idle = 1000 + 50 * pass;
        StringBuilder text = new StringBuilder();
        for (String row : List.of("cpu ", "cpu0", "cpu1", "cpu7")) {
            text.append(row + " " + user + " 0 " + user + " " + idle + " " + user + " 0 0 0 0 0\n");
        }
        tree.write(FILE, text + "intr 5 6\nctxt 7\nbtime 1700000000\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new CpuCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(FILE, 0, ".*\\[all]"),
                new Row(FILE, 1, ".*\\[0]"),
                new Row(FILE, 2, ".*\\[1]"),
                new Row(FILE, 3, ".*\\[7]"),
                Row.of(FILE, 4),
                Row.of(FILE, 6));
    }
}
