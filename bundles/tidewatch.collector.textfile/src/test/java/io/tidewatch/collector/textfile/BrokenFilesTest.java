package io.tidewatch.collector.textfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.testing.collector.RealMachine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries of the folder that cannot be read cost themselves. */
class BrokenFilesTest {
    @TempDir
    Path temporary;

    private TextfileFolder folder;

    @BeforeEach
    void aGoodFileIsBeside() throws IOException {
        folder = new TextfileFolder(temporary).write("good.prom", "good 1\n");
    }

    @Test
    void aPipeIsNeverOpened() throws Exception {
        RealMachine.run("mkfifo", folder.path("pipe.prom").toString());
        assertLeftOut("pipe.prom is a pipe, a socket or a device and is not read; replace it by a file, or rename it");
    }

    @Test
    void aDeviceIsNeverOpened() throws Exception {
        Files.createSymbolicLink(folder.path("zero.prom"), Path.of("/dev/zero"));
        assertLeftOut("zero.prom is a pipe, a socket or a device and is not read; replace it by a file, or rename it");
    }

    @Test
    void aFolderIsNotRead() throws Exception {
        Files.createDirectories(folder.path("sub.prom"));
        Files.writeString(folder.path("sub.prom/x.prom"), "x 1\n");
        assertLeftOut("sub.prom is a folder and is not read; replace it by a file, or rename it");
    }

    @Test
    void aLinkToNothingIsNamed() throws Exception {
        Files.createSymbolicLink(folder.path("gone.prom"), Path.of("nowhere"));
        assertLeftOut("gone.prom is a link to a file that does not exist; create that, or remove the link");
    }

    @Test
    void aLinkToItselfIsNamed() throws Exception {
        Files.createSymbolicLink(folder.path("loop.prom"), Path.of("loop.prom"));
        assertLeftOut("loop.prom cannot be read (too many levels of symbolic links)");
    }

    @Test
    void aNameThatIsNoLabelIsNotRead() throws Exception {
        Files.writeString(folder.path("a\nb.prom"), "x 1\n");
        assertLeftOut("the file 'a\nb.prom' has a name that cannot be a label and is not read; rename it");
    }

    @Test
    void linksAreFollowedAndOtherEntriesIgnored() throws Exception {
        Files.createDirectories(folder.path("sub"));
        Files.writeString(folder.path("sub/linked"), "linked 1\n");
        Files.writeString(folder.path("sub/deeper.prom"), "deeper 1\n");
        Files.writeString(folder.path("x.prom.1234"), "half");
        Files.writeString(folder.path("README"), "text");
        Files.createSymbolicLink(folder.path("linked.prom"), Path.of("sub/linked"));
        TextfileCollector collector = folder.collector();
        assertThat(TextfileFolder.foreign(collector.collect())).containsOnlyKeys("good{}", "linked{}");
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsReportedUntilItIs() throws Exception {
        Path missing = folder.path("later");
        TextfileCollector collector = folder.collector(Map.of("folder", missing.toString()));
        assertThat(RealMachine.valuesOf(collector.collect()))
                .as("a sample, so that the pass does not fail")
                .containsOnly(Map.entry("textfile.error[]", 1.0), Map.entry("textfile.samples[]", 0.0));
        assertThat(TextfileFolder.messages(collector))
                .containsExactly(
                        missing + " cannot be read (no such file or directory); create it, or correct the key folder");

        Files.createDirectories(missing);
        collector.collect();
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(Diagnostic.Severity.NOTE, "folder", missing + " has no *.prom files"));
        Files.writeString(missing.resolve("a.prom"), "a 1\n");
        assertThat(TextfileFolder.foreign(collector.collect())).containsOnlyKeys("a{}");
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aFolderThatIsAFileIsReported() throws Exception {
        TextfileCollector collector =
                folder.collector(Map.of("folder", folder.path("good.prom").toString()));
        collector.collect();
        assertThat(TextfileFolder.messages(collector))
                .containsExactly(
                        folder.path("good.prom") + " cannot be read (not a directory); correct the key folder");
    }

    @Test
    void whoMayNotReadIsToldHow() {
        String user = System.getProperty("user.name");
        assertThat(Unreadable.file(Path.of("/x/a.prom"), new AccessDeniedException("/x/a.prom")))
                .isEqualTo("/x/a.prom cannot be read (permission denied); let the user that the agent runs as, " + user
                        + ", read it: chmod a+r");
        assertThat(Unreadable.folder(Path.of("/x"), new AccessDeniedException("/x")))
                .isEqualTo("/x cannot be read (permission denied); let the user that the agent runs as, " + user
                        + ", read it: chmod a+rx");
    }

    @Test
    void ofMoreFilesThanAnInstanceReadsTheRestIsNamed() throws Exception {
        Files.delete(folder.path("good.prom"));
        for (int i = 100; i < 312; i++) {
            folder.write("f" + i + ".prom", "value{file=\"" + i + "\"} 1\n");
        }
        TextfileCollector collector = folder.collector();
        assertThat(TextfileFolder.foreign(collector.collect()))
                .hasSize(200)
                .containsKeys("value{file=100}", "value{file=299}");
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(
                        Diagnostic.Severity.LIMITED,
                        "files",
                        "12 files beyond the 200 that are read, such as f300.prom, f301.prom, f302.prom, f303.prom,"
                                + " f304.prom; move some into the folder of another instance"));
    }

    @Test
    void aFileThatIsReplacedAndRemovedAllTheTimeIsReadWholeOrNotAtAll() throws Exception {
        TextfileCollector collector = folder.collector();
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; !done.get(); i++) {
                    StringBuilder page = new StringBuilder();
                    for (int line = 0; line < 500; line++) {
                        page.append("changing{line=\"")
                                .append(line)
                                .append("\"} ")
                                .append(i)
                                .append('\n');
                    }
                    folder.write("changing.prom", page.toString());
                    if (i % 3 == 0) {
                        Files.delete(folder.path("changing.prom"));
                    }
                }
            } catch (IOException e) {
                failure.set(e);
            }
        });
        writer.start();
        try {
            Set<Integer> seen = new HashSet<>();
            for (int pass = 0; pass < 300 || !seen.contains(500); pass++) {
                Map<String, Double> values = TextfileFolder.foreign(collector.collect());
                assertThat(values.remove("good{}")).isEqualTo(1);
                assertThat(values.size()).isIn(0, 500);
                seen.add(values.size());
                assertThat(values.values().stream().distinct().count()).isLessThanOrEqualTo(1);
                assertThat(collector.diagnostics()).isEmpty();
            }
        } finally {
            done.set(true);
            writer.join();
        }
        assertThat(failure.get()).isNull();
    }

    private void assertLeftOut(String message) {
        TextfileCollector collector = folder.collector();
        List<Sample> samples = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), collector::collect);
        assertThat(TextfileFolder.foreign(samples)).containsOnlyKeys("good{}");
        assertThat(RealMachine.valuesOf(samples))
                .containsEntry("textfile.error[]", 1.0)
                .containsKey("textfile.mtime_seconds[good.prom]");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.message().replace(temporary + "/", "")).isEqualTo(message);
        });
    }
}
