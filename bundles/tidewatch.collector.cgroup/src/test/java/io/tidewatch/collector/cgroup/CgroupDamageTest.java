package io.tidewatch.collector.cgroup;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class CgroupDamageTest implements DamageContract {
    private static final String TOP = "sys/fs/cgroup/";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(TOP + "cgroup.controllers", "cpu memory\n");
        tree.write(TOP + "memory.max", "268435456\n");
        tree.write(TOP + "memory.current", "100663296\n");
        tree.write(TOP + "memory.events", "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\n");
        tree.write(TOP + "cpu.max", "150000 100000\n");
        tree.write(TOP + "cpu.stat", "usage_usec 9\nnr_periods 81204\nnr_throttled 402\nthrottled_usec 20114000\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new CgroupCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(TOP + "memory.max", 0, "cgroup.memory_limit_bytes\\[]"),
                new Row(TOP + "memory.current", 0, "cgroup.memory_used_bytes\\[]"),
                Row.of(TOP + "memory.events", 3),
                new Row(TOP + "memory.events", 4, "cgroup.oom_kills_total\\[]"),
                new Row(TOP + "cpu.max", 0, "cgroup.cpu_limit_cores\\[]"),
                Row.of(TOP + "cpu.stat", 0),
                new Row(TOP + "cpu.stat", 1, "cgroup.cpu_periods_total\\[]"),
                new Row(TOP + "cpu.stat", 2, "cgroup.cpu_throttled_periods_total\\[]"),
                new Row(TOP + "cpu.stat", 3, "cgroup.cpu_throttled_seconds_total\\[]"));
    }
}
