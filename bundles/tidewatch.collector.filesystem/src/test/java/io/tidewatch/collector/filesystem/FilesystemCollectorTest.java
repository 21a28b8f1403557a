package io.tidewatch.collector.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.procfs.FreeInodes;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.SourceContract;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;

class FilesystemCollectorTest implements SourceContract, DocumentedCollector {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String ROOT = "/dev/vda / ext4 rw 0 0\n";
    private static final String HOME = "/dev/vdb /home ext4 rw 0 0\n";

    @TempDir
    Path folder;

    private final FakeDisks disks = new FakeDisks();
    private FilesystemCollector collector;

    @AfterEach
    void release() throws Exception {
        disks.answerAll();
        if (collector != null) {
            collector.deactivate();
        }
    }

    @Override
    public Collector typicalCollector() throws IOException {
        FilesystemCollector typical =
                collector(FixtureTree.copy("orangepi5plus", folder), Map.of("inodes", "true"), PATIENCE);
        typical.freeInodes = new OneService(path -> OptionalLong.of(7));
        return typical;
    }

    @Override
    public Collector collectorWithoutSource() {
        return collector(FixtureTree.empty(folder), Map.of(), PATIENCE);
    }

    @Test
    void reportsTheRealFileSystemsOfAMachine() throws Exception {
        Map<String, Double> values = valuesOf(typicalCollector().collect());

        assertThat(values.keySet().stream().filter(key -> key.startsWith("readonly")))
                .containsExactlyInAnyOrder(
                        "readonly[/, /dev/mmcblk1p2, ext4]",
                        "readonly[/boot, /dev/mmcblk1p1, vfat]",
                        "readonly[/var/log, /dev/zram1, ext4]",
                        "readonly[/media/My Stick, /dev/sda1, exfat]",
                        "readonly[/mnt/video, nas:/video, nfs4]");
        assertThat(values)
                .contains(
                        entry("size_bytes[/media/My Stick, /dev/sda1, exfat]", 1000.0),
                        entry("available_bytes[/media/My Stick, /dev/sda1, exfat]", 640.0),
                        entry("used_percent[/media/My Stick, /dev/sda1, exfat]", 27.27),
                        entry("files_free[/media/My Stick, /dev/sda1, exfat]", 7.0),
                        entry("readonly[/media/My Stick, /dev/sda1, exfat]", 1.0),
                        entry("readonly[/, /dev/mmcblk1p2, ext4]", 0.0));
        assertThat(disks.asked()).contains(folder.resolve("root/media/My Stick"), folder.resolve("root"));
    }

    @Test
    void aRootThatTurnsReadOnlyShows() throws Exception {
        FixtureTree tree = treeWith(ROOT);
        collector(tree, Map.of(), PATIENCE);
        assertThat(pass()).containsEntry("readonly[/, /dev/vda, ext4]", 0.0);

        tree.write("proc/1/mounts", ROOT.replace("rw", "ro"));
        assertThat(pass()).containsEntry("readonly[/, /dev/vda, ext4]", 1.0);

        tree.write("proc/1/mounts", ROOT.replace("rw", "rw,emergency_ro"));
        assertThat(pass()).containsEntry("readonly[/, /dev/vda, ext4]", 1.0);
    }

    @Test
    void aMountThatVanishesIsGoneAndTheOthersStay() throws Exception {
        FixtureTree tree = treeWith(ROOT + HOME);
        collector(tree, Map.of(), PATIENCE);
        assertThat(pass()).containsKeys("size_bytes[/, /dev/vda, ext4]", "size_bytes[/home, /dev/vdb, ext4]");

        tree.write("proc/1/mounts", ROOT);
        assertThat(pass()).containsKey("size_bytes[/, /dev/vda, ext4]").allSatisfy((key, value) -> assertThat(key)
                .doesNotContain("/home"));
    }

    @Test
    void whatCannotBeAskedOrDoesNotTellHasNoSizes() throws Exception {
        collector(treeWith(ROOT + HOME + "/dev/vdc /empty ext4 ro 0 0\n"), Map.of(), PATIENCE);
        disks.fail(folder.resolve("root/home"));
        disks.put(folder.resolve("root/empty"), new Capacity(0, 0, 0));

        assertThat(pass())
                .containsOnlyKeys(
                        "size_bytes[/, /dev/vda, ext4]",
                        "available_bytes[/, /dev/vda, ext4]",
                        "used_percent[/, /dev/vda, ext4]",
                        "readonly[/, /dev/vda, ext4]",
                        "readonly[/home, /dev/vdb, ext4]",
                        "readonly[/empty, /dev/vdc, ext4]");
    }

    @Test
    void aMountPointThatJavaCannotNameHasNoSizes() throws Exception {
        collector(treeWith(ROOT + "/dev/vdb /a\\000b ext4 ro 0 0\n"), Map.of(), PATIENCE);

        assertThat(pass())
                .containsKeys("size_bytes[/, /dev/vda, ext4]", "readonly[/a\0b, /dev/vdb, ext4]")
                .doesNotContainKey("size_bytes[/a\0b, /dev/vdb, ext4]");
    }

    @Test
    void aFaultOfTheProgramFailsThePass() throws Exception {
        collector(treeWith(ROOT), Map.of(), PATIENCE);
        disks.confuse(folder.resolve("root"));

        assertThatThrownBy(this::pass).isInstanceOf(IllegalStateException.class).hasMessageContaining("/dev/vda on /");
    }

    @Test
    void takesTheViewOfTheFirstProcessBeforeItsOwn() throws Exception {
        FixtureTree tree = treeWith(ROOT);
        tree.write("proc/self/mounts", ownView("/dev/vda / ext4 ro 0 0"));
        collector(tree, Map.of(), PATIENCE);

        assertThat(pass())
                .containsEntry("readonly[/, /dev/vda, ext4]", 0.0)
                .containsKey("size_bytes[/, /dev/vda, ext4]");
    }

    @Test
    void fallsBackToItsOwnViewWhereTheFirstProcessIsHidden() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        collector(tree, Map.of(), PATIENCE);
        tree.write("proc/mounts", ROOT);
        assertThat(pass()).containsKey("readonly[/, /dev/vda, ext4]");
        tree.write("proc/self/mounts", HOME);
        assertThat(pass())
                .containsKey("readonly[/home, /dev/vdb, ext4]")
                .doesNotContainKey("readonly[/, /dev/vda, ext4]");
        tree.makeUnreadable("proc/1/mounts");
        assertThat(pass()).containsKey("readonly[/home, /dev/vdb, ext4]");
    }

    @Test
    void aTableThatCannotBeReadFailsThePass() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        collector(tree, Map.of(), PATIENCE);
        tree.makeUnreadable("proc/1/mounts");
        assertThatThrownBy(this::pass).isInstanceOf(IOException.class).hasMessageContaining("1/mounts");
    }

    @Test
    void aDamagedLineCostsItselfAndIsNamed() throws Exception {
        collector(treeWith(ROOT + "/dev/vdb /srv\n" + HOME), Map.of(), PATIENCE);

        assertThat(mountPoints()).containsExactlyInAnyOrder("/", "/home");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.message()).contains("1/mounts:2: expected");
        });
    }

    @Test
    void sizesThatCannotBeAreLeftOutAndNamed() throws Exception {
        collector(treeWith(ROOT + HOME), Map.of(), PATIENCE);
        disks.put(folder.resolve("root/home"), new Capacity(1000, -24, 1024));

        assertThat(pass())
                .containsKeys("size_bytes[/, /dev/vda, ext4]", "readonly[/home, /dev/vdb, ext4]")
                .doesNotContainKey("size_bytes[/home, /dev/vdb, ext4]");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .contains("reports sizes that cannot be", "used=-24"));
    }

    @Test
    void whatIsExcludedIsNamed() throws Exception {
        collector(
                treeWith(ROOT + "/dev/vda /etc/hosts ext4 rw 0 0\n/dev/vdb /data reiserfs rw 0 0\n"
                        + "tmpfs /tmp tmpfs rw 0 0\n/dev/loop3 /snap/core/1 squashfs ro 0 0\n"),
                Map.of(),
                PATIENCE);
        pass();

        assertThat(collector.diagnostics())
                .containsExactly(
                        new Diagnostic(Severity.NOTE, "excluded", "excluded: /data (reiserfs), /etc/hosts (ext4)"));
    }

    /** With ProtectHome the agent sees an empty tmpfs in the place of /home; its sizes are not those of /home. */
    @Test
    void aMountThatIsHiddenFromTheAgentHasNoSizes() throws Exception {
        FixtureTree tree = treeWith(ROOT + HOME + "/dev/vdc /srv ext4 rw 0 0\n");
        tree.write("proc/self/mounts", ownView(ROOT + "tmpfs /home tmpfs ro 0 0\n"));
        collector(tree, Map.of(), PATIENCE);

        assertThat(pass())
                .containsKeys(
                        "size_bytes[/, /dev/vda, ext4]",
                        "readonly[/home, /dev/vdb, ext4]",
                        "readonly[/srv, /dev/vdc, ext4]")
                .doesNotContainKeys("size_bytes[/home, /dev/vdb, ext4]", "size_bytes[/srv, /dev/vdc, ext4]");
    }

    @Test
    void reportsWhatTheSettingsSay() throws Exception {
        FixtureTree tree = treeWith(ROOT + "tmpfs /tmp tmpfs rw 0 0\n/dev/vdb /run/media/me/Stick vfat rw 0 0\n"
                + "/dev/vda /etc/hosts ext4 rw 0 0\n/dev/vdc /run/other ext4 rw 0 0\n");
        collector(tree, Map.of(), PATIENCE);
        assertThat(mountPoints()).containsExactlyInAnyOrder("/", "/run/media/me/Stick");

        collector(tree, Map.of("fstypes", "tmpfs, vfat", "include", "", "exclude", "/run/.*"), PATIENCE);
        assertThat(mountPoints()).containsExactly("/tmp");
    }

    @Test
    void aBadPatternIsNamedAndTheLastGoodOnesStay() throws Exception {
        FixtureTree tree = treeWith(ROOT + HOME);
        collector(tree, Map.of("exclude", "/home"), PATIENCE);
        assertThat(mountPoints()).containsExactly("/");
        assertThat(collector.rejectedSettings()).isEmpty();

        collector.modified(TypedConfiguration.of(
                FilesystemCollector.Config.class, Map.of("exclude", "/x, /[", "inodes", "maybe")));
        assertThat(mountPoints()).containsExactly("/");
        assertThat(collector.rejectedSettings())
                .extracting(InvalidSettingException::getMessage)
                .satisfiesExactly(
                        message -> assertThat(message)
                                .contains("invalid exclude \"/x, /[\"")
                                .contains("position 6"),
                        message -> assertThat(message).contains("invalid inodes \"maybe\""));

        collector.modified(TypedConfiguration.of(FilesystemCollector.Config.class, Map.of("exclude", "/")));
        assertThat(mountPoints()).containsExactly("/home");
        assertThat(collector.rejectedSettings()).isEmpty();
    }

    @Test
    void freeInodesAreNotEvenAskedForUnlessTheyAreWanted() throws Exception {
        collector(treeWith(ROOT), Map.of(), PATIENCE);
        OneService service = new OneService(path -> OptionalLong.of(7));
        collector.freeInodes = service;
        assertThat(pass()).doesNotContainKey("files_free[/, /dev/vda, ext4]");
        assertThat(service.got).hasValue(0);

        collector.modified(TypedConfiguration.of(FilesystemCollector.Config.class, Map.of("inodes", "true")));
        assertThat(pass()).containsEntry("files_free[/, /dev/vda, ext4]", 7.0);
        assertThat(service.got).hasValue(1);
        assertThat(service.inUse).hasValue(0);

        collector.freeInodes = null;
        assertThat(pass())
                .containsKey("size_bytes[/, /dev/vda, ext4]")
                .doesNotContainKey("files_free[/, /dev/vda, ext4]");
    }

    @Test
    void freeInodesThatCannotBeCountedAreLeftOutAndTheSizesAreNot() throws Exception {
        collector(treeWith(ROOT), Map.of("inodes", "true"), PATIENCE);
        collector.freeInodes = new OneService(path -> OptionalLong.empty());
        assertThat(pass())
                .containsKey("size_bytes[/, /dev/vda, ext4]")
                .doesNotContainKey("files_free[/, /dev/vda, ext4]");

        collector.freeInodes = new OneService(path -> {
            throw new IOException("broken");
        });
        assertThat(pass())
                .containsKey("size_bytes[/, /dev/vda, ext4]")
                .doesNotContainKey("files_free[/, /dev/vda, ext4]");
    }

    private FilesystemCollector collector(FixtureTree tree, Map<String, String> config, Duration patience) {
        collector = new FilesystemCollector(
                tree.procFs(), TypedConfiguration.of(FilesystemCollector.Config.class, config), disks, patience);
        return collector;
    }

    private FixtureTree treeWith(String mounts) throws IOException {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/1/mounts", mounts);
        return tree;
    }

    /** The agent finds the file systems below the fixture tree. */
    private String ownView(String mounts) {
        return mounts.replaceAll("(?m)^(\\S+) /", "$1 " + folder + "/root/").replace("/root/ ", "/root ");
    }

    private Map<String, Double> pass() throws Exception {
        return valuesOf(collector.collect());
    }

    private List<String> mountPoints() throws Exception {
        return collector.collect().stream()
                .map(sample -> sample.tagValues().get(0))
                .distinct()
                .toList();
    }

    static Map<String, Double> valuesOf(List<Sample> samples) {
        Map<String, Double> values = new TreeMap<>();
        samples.forEach(sample ->
                values.put(sample.metric().name().replace("filesystem.", "") + sample.tagValues(), sample.value()));
        return values;
    }

    /** A service that counts its users. */
    private static final class OneService implements ComponentServiceObjects<FreeInodes> {
        final AtomicInteger got = new AtomicInteger();
        final AtomicInteger inUse = new AtomicInteger();
        private final FreeInodes service;

        OneService(FreeInodes service) {
            this.service = service;
        }

        @Override
        public FreeInodes getService() {
            got.incrementAndGet();
            inUse.incrementAndGet();
            return service;
        }

        @Override
        public void ungetService(FreeInodes used) {
            inUse.decrementAndGet();
        }

        @Override
        public ServiceReference<FreeInodes> getServiceReference() {
            throw new UnsupportedOperationException();
        }
    }
}
