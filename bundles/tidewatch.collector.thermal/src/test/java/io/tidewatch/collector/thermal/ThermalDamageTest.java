package io.tidewatch.collector.thermal;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class ThermalDamageTest implements DamageContract {
    private static final String ZONE = "sys/class/thermal/thermal_zone";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        zone(tree, 0, "soc-thermal", "44384");
        zone(tree, 1, "gpu-thermal", "61923");
        zone(tree, 5, "battery", "31000");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new ThermalCollector(procFs);
    }

    /** Of the types any text is one. */
    @Override
    public List<Row> rows() {
        return List.of(
                new Row(ZONE + "0/temp", 0, "cpu.temperature\\[]|.*, 0]"),
                new Row(ZONE + "1/temp", 0, ".*, 1]"),
                new Row(ZONE + "5/temp", 0, ".*, 5]"));
    }

    private static void zone(FixtureTree tree, int number, String type, String temp) throws IOException {
        tree.write(ZONE + number + "/type", type + "\n");
        tree.write(ZONE + number + "/temp", temp + "\n");
    }
}
