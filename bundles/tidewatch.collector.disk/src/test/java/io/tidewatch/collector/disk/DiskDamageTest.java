package io.tidewatch.collector.disk;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class DiskDamageTest implements DamageContract {
    private static final String FILE = "proc/diskstats";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(
                FILE,
                """
                   8       0 sda 120 0 300 40 50 0 600 80 0 100 110
                 179       0 mmcblk0 69023 11644 4942418 17406 698707 90797 11380408 74112 3 46684 111214 1 2 3 4 5 6
                 179       1 mmcblk0p1 1 2 3 4 5 6 7 8 9 10 11
                 259       0 nvme0n1 10 20 30 40 50 60 70 80 0 100 110
                """);
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new DiskCollector(procFs, DiskCollectorTest.config("sd[a-z], mmcblk0, nvme0n1"));
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(FILE, 0, ".*\\[sda]"),
                new Row(FILE, 1, ".*\\[mmcblk0]"),
                Row.of(FILE, 2),
                new Row(FILE, 3, ".*\\[nvme0n1]"));
    }
}
