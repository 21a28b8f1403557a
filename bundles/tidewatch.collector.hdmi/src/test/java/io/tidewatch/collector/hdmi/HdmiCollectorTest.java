package io.tidewatch.collector.hdmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that answer. */
@Timeout(60)
class HdmiCollectorTest implements CollectorContract, DocumentedCollector {
    private static final String VENDOR = "[stream_hdmirx]";

    @TempDir
    Path root;

    private StubInputs inputs;

    @BeforeEach
    void stub() throws IOException {
        inputs = new StubInputs(root, Map.of(), Map.of());
    }

    @AfterEach
    void deactivate() {
        inputs.collector.deactivate();
    }

    @Override
    public Collector typicalCollector() throws IOException {
        return inputs.device(0, "stream_hdmirx")
                .answer("video0", "hexadecimal.power")
                .answer("video0", "1080p60.timings")
                .collector;
    }

    @Test
    void aSignalIsReportedAsItIs() throws Exception {
        typicalCollector();
        assertThat(inputs.pass())
                .containsOnly(
                        entry("power_present" + VENDOR, 1.0),
                        entry("signal" + VENDOR, 1.0),
                        entry("width_pixels" + VENDOR, 1920.0),
                        entry("height_pixels" + VENDOR, 1080.0),
                        entry("frames_per_second" + VENDOR, 60.0),
                        entry("mode" + VENDOR, "1920x1080p60"));
        assertThat(inputs.collector.diagnostics()).isEmpty();
        assertThat(inputs.calls())
                .containsExactly(
                        "-d " + inputs.devices + "/video0 --get-ctrl=power_present",
                        "-d " + inputs.devices + "/video0 --query-dv-timings");
    }

    @Test
    void theRateIsThatOfTheReceiverAndFieldsAreHalfFrames() throws Exception {
        inputs.device(0, "snps_hdmirx").answer("video0", "decimal.power").answer("video0", "2160p5994.timings");
        assertThat(inputs.pass())
                .contains(
                        entry("width_pixels[snps_hdmirx]", 3840.0),
                        entry("height_pixels[snps_hdmirx]", 2160.0),
                        entry("frames_per_second[snps_hdmirx]", 59.94),
                        entry("mode[snps_hdmirx]", "3840x2160p60"));
        inputs.answer("video0", "1080i60.timings");
        assertThat(inputs.pass())
                .contains(
                        entry("height_pixels[snps_hdmirx]", 1080.0),
                        entry("frames_per_second[snps_hdmirx]", 30.0),
                        entry("mode[snps_hdmirx]", "1920x1080i60"));
        assertThat(inputs.collector.diagnostics()).isEmpty();
    }

    /** The kernel logs a line at each question about a connector without a cable. */
    @Test
    void withoutPowerTheTimingsAreNotAskedFor() throws Exception {
        inputs.device(0, "stream_hdmirx").answer("video0", "none.power").answer("video0", "1080p60.timings");
        assertThat(inputs.pass())
                .containsOnly(
                        entry("power_present" + VENDOR, 0.0),
                        entry("signal" + VENDOR, 0.0),
                        entry("mode" + VENDOR, "no source"));
        assertThat(inputs.calls()).containsExactly("-d " + inputs.devices + "/video0 --get-ctrl=power_present");
        assertThat(inputs.collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Link has been severed", "No locks available", "Numerical result out of range"})
    void noSignalHasItsReasonAsText(String error) throws Exception {
        typicalCollector();
        inputs.refuse("video0", error);
        assertThat(inputs.pass())
                .containsOnly(
                        entry("power_present" + VENDOR, 1.0),
                        entry("signal" + VENDOR, 0.0),
                        entry("mode" + VENDOR, "no signal: " + error));
        assertThat(inputs.collector.diagnostics()).isEmpty();
    }

    @Test
    void aDriverWithoutTheControlIsAskedForItsTimings() throws Exception {
        inputs.device(0, "rk_hdmirx").answer("video0", "1080p60.timings");
        assertThat(inputs.pass())
                .contains(entry("signal[rk_hdmirx]", 1.0), entry("mode[rk_hdmirx]", "1920x1080p60"))
                .doesNotContainKey("power_present[rk_hdmirx]");
        assertThat(inputs.collector.diagnostics()).isEmpty();
    }

    @Test
    void aMachineWithoutAnInputRunsNothingAndReportsNothing() throws Exception {
        assertThat(inputs.pass()).isEmpty();
        inputs.device(0, "rockchip-rga").device(1, "USB Video: USB Video");
        assertThat(inputs.pass()).isEmpty();
        assertThat(inputs.calls()).isEmpty();
        assertThat(inputs.collector.diagnostics()).isEmpty();
    }

    @Test
    void anInputKeepsItsNameUnderAnotherNumber() throws Exception {
        typicalCollector();
        inputs.pass();
        inputs.unplug(0)
                .device(2, "rockchip-rga")
                .device(11, "stream_hdmirx")
                .answer("video11", "decimal.power")
                .answer("video11", "1080p60.timings");
        assertThat(inputs.pass()).containsEntry("signal" + VENDOR, 1.0).hasSize(6);
    }

    @Test
    void severalInputsOfOneDriverAreNumbered() throws Exception {
        inputs.device(9, "stream_hdmirx")
                .device(10, "stream_hdmirx")
                .answer("video9", "decimal.power")
                .answer("video9", "1080p60.timings")
                .answer("video10", "none.power");
        assertThat(inputs.pass())
                .contains(
                        entry("signal[stream_hdmirx]", 1.0),
                        entry("signal[stream_hdmirx-2]", 0.0),
                        entry("mode[stream_hdmirx-2]", "no source"));
    }

    @Test
    void theOperatorMayNameTheDevice() throws Exception {
        inputs.device(3, "rk628-csi").answer("video3", "decimal.power").answer("video3", "1080p60.timings");
        assertThat(inputs.pass()).isEmpty();
        inputs.collector.modified(
                inputs.config(Map.of("device", inputs.devices.resolve("video3").toString())), Map.of());
        assertThat(inputs.pass()).containsEntry("mode[rk628-csi]", "1920x1080p60");

        Path link = Files.writeString(inputs.devices.resolve("hdmi"), "");
        inputs.answer("hdmi", "decimal.power").answer("hdmi", "1080p60.timings");
        inputs.collector.modified(inputs.config(Map.of("device", link.toString())), Map.of());
        assertThat(inputs.pass()).containsEntry("mode[hdmi]", "1920x1080p60");
    }

    @Test
    void refusedSettingsLeaveTheLastGoodOnes() throws Exception {
        typicalCollector();
        for (Map<String, String> wrong :
                List.of(Map.of("device", "video0"), Map.of("device", "/"), Map.of("command", "v4l2-ctl"))) {
            inputs.collector.modified(inputs.config(wrong), Map.of());
            assertThat(inputs.collector.rejectedSettings())
                    .singleElement()
                    .extracting(InvalidSettingException::key)
                    .isEqualTo(wrong.keySet().iterator().next());
            assertThat(inputs.pass()).hasSize(6);
        }
    }
}
