package io.tidewatch.collector.memory;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class MemoryDamageTest implements DamageContract {
    private static final String FILE = "proc/meminfo";
    private static final String VMSTAT = "proc/vmstat";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(
                FILE,
                """
                MemTotal:        8123456 kB
                MemFree:          123456 kB
                MemAvailable:    4123456 kB
                SwapTotal:       4061728 kB
                SwapFree:        4061720 kB
                HugePages_Total:       0
                """);
        tree.write(VMSTAT, "nr_free_pages 2321045\noom_kill 3\nnuma_hit 0\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new MemoryCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(FILE, 0, "memory.(total|used)_bytes\\[]"),
                Row.of(FILE, 1),
                new Row(FILE, 2, "memory.(available|used)_bytes\\[]"),
                new Row(FILE, 3, "memory.swap_(total|used)_bytes\\[]"),
                new Row(FILE, 4, "memory.swap_used_bytes\\[]"),
                Row.of(FILE, 5),
                Row.of(VMSTAT, 0),
                new Row(VMSTAT, 1, "memory.oom_kills_total\\[]"),
                Row.of(VMSTAT, 2));
    }
}
