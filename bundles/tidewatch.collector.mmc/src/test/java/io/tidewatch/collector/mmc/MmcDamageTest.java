package io.tidewatch.collector.mmc;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class MmcDamageTest implements DamageContract {
    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        for (String device : List.of("mmcblk0", "mmcblk2")) {
            tree.write(life(device), "0x02 0x01\n");
            tree.write(reserve(device), "0x01\n");
        }
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new MmcCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(life("mmcblk0"), 0, "mmc.life_used_min_percent\\[mmcblk0, .]"),
                new Row(reserve("mmcblk0"), 0, "mmc.pre_eol_state\\[mmcblk0]"),
                new Row(life("mmcblk2"), 0, "mmc.life_used_min_percent\\[mmcblk2, .]"),
                new Row(reserve("mmcblk2"), 0, "mmc.pre_eol_state\\[mmcblk2]"));
    }

    private static String life(String device) {
        return "sys/block/" + device + "/device/life_time";
    }

    private static String reserve(String device) {
        return "sys/block/" + device + "/device/pre_eol_info";
    }
}
