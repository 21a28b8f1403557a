package io.tidewatch.collector.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HungMountTest {
    /** Long enough for a fake that answers on a busy machine, short enough for one that does not. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    @TempDir
    Path folder;

    private final FakeDisks disks = new FakeDisks();
    private FilesystemCollector collector;

    @AfterEach
    void release() throws Exception {
        disks.answerAll();
        collector.deactivate();
    }

    @Test
    void isLeftOutAndNotAskedAgainBeforeItsThreadIsBack() throws Exception {
        start("/dev/a /a ext4 rw 0 0\n/dev/b /b ext4 ro 0 0\n/dev/c /c ext4 rw 0 0\n");
        hang("b");
        for (int pass = 0; pass < 3; pass++) {
            assertThat(pass())
                    .containsKeys("size_bytes[/a, /dev/a, ext4]", "size_bytes[/c, /dev/c, ext4]")
                    .containsEntry("readonly[/b, /dev/b, ext4]", 1.0)
                    .doesNotContainKey("size_bytes[/b, /dev/b, ext4]");
            assertThat(collector.diagnostics())
                    .extracting(Diagnostic::message)
                    .containsExactly("the file system '/dev/b on /b' does not answer; its sizes are left out until it"
                            + " does");
        }
        assertThat(Collections.frequency(disks.asked(), path("b"))).isEqualTo(1);

        Thread hung = disks.threads().get(disks.asked().indexOf(path("b")));
        disks.answer(path("b"));
        Awaitility.await().until(() -> !hung.isAlive());
        assertThat(pass()).containsKey("size_bytes[/b, /dev/b, ext4]");
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void anotherOneAtItsPlaceIsAsked() throws Exception {
        FixtureTree tree = start("nas:/x /x nfs4 rw 0 0\n");
        hang("x");
        assertThat(pass()).containsOnlyKeys("readonly[/x, nas:/x, nfs4]");
        assertThat(disks.asked()).hasSize(1);

        tree.write("proc/1/mounts", "/dev/x /x ext4 rw 0 0\n");
        pass();
        assertThat(disks.asked()).hasSize(2);
    }

    @Test
    void oneThreadAsksAllAsLongAsNoneHangs() throws Exception {
        start("/dev/a /a ext4 rw 0 0\n/dev/b /b ext4 rw 0 0\n", Duration.ofSeconds(10));
        for (int pass = 0; pass < 50; pass++) {
            pass();
        }
        assertThat(disks.threads()).hasSize(100);
        assertThat(new HashSet<>(disks.threads())).hasSize(1);
        assertThat(disks.threads().get(0)).satisfies(thread -> {
            assertThat(thread.getName()).isEqualTo("tidewatch-filesystem");
            assertThat(thread.isDaemon()).isTrue();
        });
        collector.deactivate();
        Awaitility.await().until(() -> aliveThreads() == 0);
    }

    @Test
    void deadServersLeaveThreadsForTheDisksAndThereIsALimit() throws Exception {
        StringBuilder mounts = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            hang("n" + i);
            mounts.append("nas:/n").append(i).append(" /n").append(i).append(" nfs4 rw 0 0\n");
        }
        FixtureTree tree = start(mounts + "/dev/good /good ext4 rw 0 0\n");
        for (int pass = 0; pass < 5; pass++) {
            assertThat(pass()).containsKey("size_bytes[/good, /dev/good, ext4]").hasSizeGreaterThan(10);
        }
        assertThat(aliveThreads()).isEqualTo(FilesystemCollector.MOST_HUNG_FOR_SERVERS + 1);

        for (int i = 0; i < 10; i++) {
            hang("d" + i);
            mounts.append("/dev/d").append(i).append(" /d").append(i).append(" ext4 rw 0 0\n");
        }
        tree.write("proc/1/mounts", mounts.toString());
        for (int pass = 0; pass < 5; pass++) {
            assertThat(pass()).hasSize(20);
        }
        assertThat(aliveThreads()).isEqualTo(FilesystemCollector.MOST_HUNG);

        disks.answerAll();
        Awaitility.await().until(() -> aliveThreads() == 0);
        assertThat(pass()).hasSize(80);
    }

    @Test
    void aPassEndsInTimeHoweverManyHang() throws Exception {
        start("/dev/a /a ext4 rw 0 0\n/dev/b /b ext4 rw 0 0\n/dev/c /c ext4 rw 0 0\n/dev/d /d ext4 rw 0 0\n");
        List.of("a", "b", "c", "d").forEach(this::hang);
        assertThat(pass()).hasSize(4);
        assertThat(disks.asked()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void anInterruptedPassLeavesTheMountBehindToo() throws Exception {
        start("/dev/a /a ext4 rw 0 0\n/dev/b /b ext4 rw 0 0\n");
        hang("a");
        Thread.currentThread().interrupt();
        assertThatThrownBy(collector::collect).isInstanceOf(InterruptedException.class);
        assertThat(pass())
                .containsKey("size_bytes[/b, /dev/b, ext4]")
                .doesNotContainKey("size_bytes[/a, /dev/a, ext4]");
        assertThat(Collections.frequency(disks.asked(), path("a"))).isLessThanOrEqualTo(1);
    }

    @Test
    void nothingIsAskedOnceTheCollectorGoes() throws Exception {
        start("/dev/a /a ext4 rw 0 0\n/dev/b /b ext4 rw 0 0\n");
        hang("a");
        pass();
        collector.deactivate();
        assertThatThrownBy(collector::collect).isInstanceOf(InterruptedException.class);
        assertThat(disks.asked()).hasSize(2);
        disks.answerAll();
        Awaitility.await().until(() -> aliveThreads() == 0);
    }

    private FixtureTree start(String mounts) throws IOException {
        return start(mounts, PATIENCE);
    }

    private FixtureTree start(String mounts, Duration patience) throws IOException {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/1/mounts", mounts);
        collector = new FilesystemCollector(
                tree.procFs(), TypedConfiguration.of(FilesystemCollector.Config.class), disks, patience);
        return tree;
    }

    private void hang(String name) {
        disks.hang(path(name));
    }

    private Path path(String name) {
        return folder.resolve("root").resolve(name);
    }

    private long aliveThreads() {
        return disks.threads().stream().distinct().filter(Thread::isAlive).count();
    }

    private Map<String, Double> pass() throws Exception {
        return FilesystemCollectorTest.valuesOf(collector.collect());
    }
}
