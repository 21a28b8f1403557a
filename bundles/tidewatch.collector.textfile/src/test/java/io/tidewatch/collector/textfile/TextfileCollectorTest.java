package io.tidewatch.collector.textfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.SourceContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files to samples. */
class TextfileCollectorTest implements SourceContract, DocumentedCollector {
    @TempDir
    Path temporary;

    @Override
    public Collector typicalCollector() throws Exception {
        return folder().with("scripts").collector();
    }

    @Override
    public Collector collectorWithoutSource() {
        return folder().collector(Map.of("folder", ""));
    }

    @Override
    public String file() {
        return TextfileCollector.PID + "-<name>.cfg";
    }

    @Test
    void whatScriptsOfNodeExporterWriteIsReadAtEveryPass() throws Exception {
        TextfileCollector collector = folder().with("scripts").collector();
        for (int pass = 1; pass <= 2; pass++) {
            double notFinite = pass;
            List<String> expected = Files.readAllLines(Path.of("src/test/resources/fixtures/scripts.expected")).stream()
                    .map(line -> line.replace("not_finite} 1.0", "not_finite} " + notFinite))
                    .toList();
            assertThat(collector.collect().stream()
                            .map(sample -> TextfileFolder.key(sample) + " " + sample.value() + " "
                                    + sample.metric().kind())
                            .sorted())
                    .containsExactlyElementsOf(expected);
            assertThat(collector.diagnostics()).isEmpty();
            assertThat(collector.timedSamples()).isEmpty();
        }
        assertThat(helpOf(collector, "apt_autoremove_pending")).isEqualTo("Apt packages pending autoremoval.");
    }

    @Test
    void timestampsOfTheFileAreKeptUnlessTheyAreIgnored() throws Exception {
        TextfileFolder folder = folder().write(
                        "metrics.prom",
                        "metric_with_custom_timestamp 1 1759999000123\nnormal_metric 2\nother 3 1759998000000\n");
        TextfileCollector collector = folder.collector();
        List<Sample> samples = collector.collect();
        assertThat(TextfileFolder.foreign(samples)).containsExactly(Map.entry("normal_metric{}", 2.0));
        assertThat(samples.stream().map(sample -> TextfileFolder.key(sample) + sample.value()))
                .contains("textfile.samples{}3.0");
        assertThat(collector.timedSamples())
                .extracting(TimedSamples::time)
                .containsExactly(Instant.ofEpochMilli(1759998000000L), Instant.ofEpochMilli(1759999000123L));
        collector.collect();
        assertThat(collector.timedSamples()).as("that pass was lost").hasSize(2);
        collector.stored();
        collector.collect();
        assertThat(collector.timedSamples()).as("the file has not changed").isEmpty();

        TextfileCollector ignoring = folder.collector(Map.of("timestamps", "false"));
        assertThat(TextfileFolder.foreign(ignoring.collect()))
                .containsOnlyKeys("metric_with_custom_timestamp{}", "normal_metric{}", "other{}");
        assertThat(ignoring.timedSamples()).isEmpty();
    }

    @Test
    void includeExcludeAndLabelsAreInForce() throws Exception {
        TextfileCollector collector = folder().with("scripts")
                .collector(Map.of(
                        "exclude",
                        "smartmon_.*, job_.*, apt_.*",
                        "include",
                        "smartmon_device_info",
                        "labels",
                        "job=scripts, md_name=none"));
        assertThat(TextfileFolder.foreign(collector.collect()))
                .containsOnlyKeys(
                        "node_reboot_required{job=scripts, md_name=none}",
                        "node_md_info{job=scripts, md_device=md0, md_metadata_version=1.2, md_name=studio:0,"
                                + " raid_level=raid1}",
                        "node_md_disk_info{disk_device=/dev/sda1, job=scripts, md_device=md0, md_name=none, md_set=A}",
                        "node_md_disk_info{disk_device=/dev/sdb1, job=scripts, md_device=md0, md_name=none, md_set=B}",
                        "smartmon_device_info{disk=/dev/sda, job=scripts, md_name=none, model_family=Samsung based SSDs,"
                                + " serial_number=S3Z2NB0K1, type=sat}");
    }

    @Test
    void linesOfWindowsAndOtherEncodingsCostThemselvesAtMost() throws Exception {
        byte[] latin = "city{name=\"M\u00fcnchen\"} 1\nnext 2\n".getBytes(StandardCharsets.ISO_8859_1);
        TextfileCollector collector = folder().write(
                        "windows.prom", "# TYPE a_total counter\r\na_total{x=\"1\"} 5\r\nb 6\r\n")
                .write("latin1.prom", latin)
                .write("empty.prom", "")
                .write("comments.prom", "# nothing yet\n\n")
                .collector();
        assertThat(TextfileFolder.foreign(collector.collect()))
                .containsEntry("a_total{x=1}", 5.0)
                .containsEntry("b{}", 6.0)
                .containsEntry("next{}", 2.0);
        assertThat(RealMachine.valuesOf(collector.collect())).containsKeys("textfile.mtime_seconds[empty.prom]");
    }

    @Test
    void aHalfWrittenFileLosesItsLastLineOnly() throws Exception {
        TextfileFolder folder = folder().write("a.prom", "a 1\nb 1").write("c.prom", "c 3\n");
        TextfileCollector collector = folder.collector();
        List<Sample> samples = collector.collect();
        assertThat(TextfileFolder.foreign(samples)).containsOnlyKeys("a{}", "c{}");
        assertThat(RealMachine.valuesOf(samples))
                .containsEntry("textfile.error[]", 1.0)
                .containsEntry("textfile.dropped_total[malformed]", 1.0);
        assertThat(TextfileFolder.messages(collector))
                .containsExactly("a.prom:2:4: expected a line break, found the end of the page: it is half written,"
                        + " in 'b 1'");

        folder.write("a.prom", "a 1\nb 12\n");
        assertThat(TextfileFolder.foreign(collector.collect())).containsEntry("b{}", 12.0);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void theSameSeriesInTwoFilesIsOfTheFirstAndNamed() throws Exception {
        TextfileCollector collector =
                folder().write("a.prom", "x 1\n").write("b.prom", "x 2\ny 3\n").collector();
        List<Sample> samples = collector.collect();
        assertThat(TextfileFolder.foreign(samples)).containsExactly(Map.entry("x{}", 1.0), Map.entry("y{}", 3.0));
        assertThat(RealMachine.valuesOf(samples)).containsEntry("textfile.dropped_total[duplicate]", 1.0);
        assertThat(TextfileFolder.messages(collector)).containsExactly("b.prom: a series of x stands twice");
    }

    @Test
    void limitsAreReportedAndNoError() throws Exception {
        TextfileCollector collector = folder().write("a.prom", "a 1\nb 2\nc 3\nd 4\n")
                .write("long.prom", "# " + "x".repeat(100) + "\ne 5\n")
                .collector(Map.of("max.series", "3", "max.bytes", "64B"));
        List<Sample> samples = collector.collect();
        assertThat(TextfileFolder.foreign(samples)).containsOnlyKeys("a{}", "b{}", "c{}");
        assertThat(RealMachine.valuesOf(samples))
                .containsEntry("textfile.error[]", 0.0)
                .containsEntry("textfile.dropped_total[max_series]", 1.0)
                .containsEntry("textfile.dropped_total[max_bytes]", 1.0);
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::severity)
                .containsExactly(Diagnostic.Severity.LIMITED, Diagnostic.Severity.LIMITED);
    }

    @Test
    void aFileWithoutAWriterIsNamedWithItsAge() throws Exception {
        TextfileFolder folder = folder().with("scripts").write("apt.prom", "apt_upgrades_pending 1\n");
        TextfileCollector collector = folder.collector(Map.of("stale.after", "3h", "exclude", "[^a].*"));
        assertThat(TextfileFolder.foreign(collector.collect())).hasSize(1);
        assertThat(collector.diagnostics()).isEmpty();

        collector.modified(folder.config(Map.of("stale.after", "90m", "exclude", "[^a].*")));
        assertThat(RealMachine.valuesOf(collector.collect()))
                .as("an alert sees which file it is, and how old")
                .hasSize(6)
                .containsEntry("textfile.mtime_seconds[apt.prom]", 1.76e9)
                .containsEntry("textfile.samples[]", 0.0)
                .containsEntry("textfile.error[]", 1.0);
        assertThat(TextfileFolder.messages(collector))
                .hasSize(4)
                .contains(
                        folder.path("apt.prom") + " was last written 2h ago, which is longer than stale.after, so that"
                                + " its samples are left out; check the program that writes it");
    }

    @Test
    void badSettingsAreReportedAndTheLastGoodStay() throws Exception {
        TextfileFolder folder = folder().write("a.prom", "a 1\nb 2\n");
        TextfileCollector collector = folder.collector(Map.of("exclude", "b"));
        collector.modified(folder.config(Map.of("folder", "relative", "exclude", "[")));
        assertThat(collector.rejectedSettings())
                .extracting(InvalidSettingException::key)
                .containsExactly("folder", "exclude");
        assertThat(TextfileFolder.foreign(collector.collect())).containsOnlyKeys("a{}");

        collector.modified(folder.config(Map.of()));
        assertThat(collector.rejectedSettings()).isEmpty();
        assertThat(TextfileFolder.foreign(collector.collect())).containsOnlyKeys("a{}", "b{}");
    }

    @Test
    void anInstanceWithoutAFolderReportsThat() throws Exception {
        TextfileCollector collector = (TextfileCollector) collectorWithoutSource();
        assertThat(collector.rejectedSettings())
                .extracting(InvalidSettingException::getMessage)
                .containsExactly("invalid folder \"\" (expected the absolute path of a folder with *.prom files)");
        assertThat(collector.collect()).isEmpty();
        assertThat(collector.timedSamples()).isEmpty();
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aPassThatIsInterruptedEnds() throws Exception {
        TextfileCollector collector = folder().with("scripts").collector();
        Thread.currentThread().interrupt();
        assertThatThrownBy(collector::collect).isInstanceOf(InterruptedException.class);
        assertThat(TextfileFolder.foreign(collector.collect())).hasSize(18);
    }

    private TextfileFolder folder() {
        return new TextfileFolder(temporary);
    }

    private static String helpOf(Collector collector, String name) throws Exception {
        return collector.collect().stream()
                .map(Sample::metric)
                .filter(metric -> metric.name().equals(name))
                .map(Metric::help)
                .collect(Collectors.joining());
    }
}
