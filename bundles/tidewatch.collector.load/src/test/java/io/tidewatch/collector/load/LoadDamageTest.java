package io.tidewatch.collector.load;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class LoadDamageTest implements DamageContract {
    private static final String FILE = "proc/loadavg";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(FILE, "0.52 1.58 12.59 2/345 6789\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new LoadCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(new Row(FILE, 0, "load.*"));
    }
}
