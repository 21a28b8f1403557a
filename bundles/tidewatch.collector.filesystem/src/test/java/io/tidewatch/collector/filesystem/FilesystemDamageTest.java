package io.tidewatch.collector.filesystem;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

class FilesystemDamageTest implements DamageContract {
    private static final String FILE = "proc/1/mounts";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(
                FILE,
                """
                /dev/vda / ext4 rw,relatime 0 0
                proc /proc proc rw 0 0
                /dev/vdb /home xfs ro 0 0
                nas:/films /srv/films nfs4 rw 0 0
                """);
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new FilesystemCollector(
                procFs,
                TypedConfiguration.of(FilesystemCollector.Config.class),
                new FakeDisks(),
                Duration.ofSeconds(5));
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(FILE, 0, ".*\\[/, .*"),
                Row.of(FILE, 1),
                new Row(FILE, 2, ".*\\[/home, .*"),
                new Row(FILE, 3, ".*\\[/srv/films, .*"));
    }

    /** Names of devices, types and options are any text. */
    @Override
    public List<Damage> damages() {
        return List.of(Damage.SHORT_ROW, Damage.GARBAGE_ROW);
    }
}
