package io.tidewatch.collector.hdmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.testing.process.StubProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** v4l2-ctl and receivers that misbehave. After every fault the next pass reports everything again. */
@Timeout(60)
class HdmiFaultsTest {
    private static final String VENDOR = "[stream_hdmirx]";
    private static final String MAINLINE = "[snps_hdmirx]";

    @TempDir
    Path root;

    private StubInputs inputs;
    private Map<String, Object> whole;

    @BeforeEach
    void twoInputs() throws Exception {
        inputs = new StubInputs(root, Map.of(), Map.of());
        plugIn();
        whole = inputs.pass();
        assertThat(whole).hasSize(12);
        inputs.calls();
    }

    private void plugIn() throws Exception {
        inputs.device(0, "stream_hdmirx").answer("video0", "hexadecimal.power").answer("video0", "1080p60.timings");
        inputs.device(1, "snps_hdmirx").answer("video1", "decimal.power").answer("video1", "2160p5994.timings");
    }

    @AfterEach
    void everythingIsReportedAgain() throws Exception {
        try (Stream<Path> files = Files.list(inputs.folder)) {
            for (Path script :
                    files.filter(file -> file.toString().endsWith(".sh")).toList()) {
                Files.delete(script);
            }
        }
        StubProgram.V4L2_CTL.install(inputs.folder);
        plugIn();
        assertThat(inputs.pass()).isEqualTo(whole);
        assertThat(inputs.collector.diagnostics()).isEmpty();
        inputs.collector.deactivate();
    }

    @Test
    void withoutTheProgramHealthNamesThePackage() throws Exception {
        Files.delete(inputs.folder.resolve("v4l2-ctl"));
        assertThat(inputs.pass()).isEmpty();
        assertThat(inputs.collector.diagnostics()).hasSize(2).allSatisfy(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.NOTE);
            assertThat(diagnostic.message())
                    .startsWith(inputs.folder.resolve("v4l2-ctl") + " does not exist")
                    .endsWith("; install the package v4l-utils, or correct command");
        });
    }

    /** As under the unit with PrivateDevices. */
    @Test
    void withoutTheDeviceHealthNamesTheDropInAndNothingRuns() throws Exception {
        Files.delete(inputs.devices.resolve("video0"));
        assertThat(inputs.pass()).hasSize(6).containsKey("signal" + MAINLINE).doesNotContainKey("signal" + VENDOR);
        assertThat(inputs.collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.NOTE);
            assertThat(diagnostic.subject()).isEqualTo("stream_hdmirx");
            assertThat(diagnostic.message())
                    .isEqualTo(inputs.devices + "/video0 cannot be read by user " + System.getProperty("user.name")
                            + "; under systemd install the drop-in hdmi.conf of the profile belabox");
        });
        assertThat(inputs.calls()).hasSize(2).noneMatch(call -> call.contains("video0"));
    }

    /** It was unplugged, or has another number since: a drop-in does not help. */
    @Test
    void aConfiguredDeviceThatIsNotThereIsNoMatterOfRights() throws Exception {
        Path device = inputs.devices.resolve("video7");
        inputs.collector.modified(inputs.config(Map.of("device", device.toString())), Map.of());
        assertThat(inputs.pass()).isEmpty();
        assertThat(inputs.messages())
                .containsExactly(
                        device + " does not exist; connect it, or correct the key device (v4l2-ctl --list-devices"
                                + " has those that are there)");

        inputs.device(7, "rk628-csi").answer("video7", "decimal.power").answer("video7", "1080p60.timings");
        assertThat(inputs.pass()).containsEntry("signal[rk628-csi]", 1.0);
        Files.delete(device);
        assertThat(inputs.pass()).isEmpty();
        assertThat(inputs.messages()).singleElement().asString().contains("install the drop-in hdmi.conf");

        inputs.unplug(7);
        inputs.collector.modified(inputs.config(Map.of()), Map.of());
    }

    /** What v4l2-ctl 1.22 and newer ones print when the device cgroup refuses. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Cannot open device /dev/video0, exiting.", "Failed to open /dev/video0: Operation not permitted"
            })
    void aDeviceThatMayNotBeOpenedNamesTheDropIn(String error) throws Exception {
        inputs.write("video0.power.sh", "echo '" + error + "' >&2; exit 1");
        assertThat(inputs.pass()).hasSize(6);
        assertThat(inputs.messages())
                .containsExactly(inputs.devices + "/video0 cannot be opened by user " + System.getProperty("user.name")
                        + " (" + error + "); under systemd install the drop-in hdmi.conf of the profile belabox");
        assertThat(inputs.collector.diagnostics().get(0).severity()).isEqualTo(Severity.NOTE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true                                 | v4l2-ctl printed '' for power_present of",
                "echo 'power_present: --'             | v4l2-ctl printed 'power_present: --' for power_present of",
                "echo 'power_present: -32768'         | v4l2-ctl printed 'power_present: -32768' for",
                "echo 'power_pres'                    | v4l2-ctl printed 'power_pres' for power_present",
                "printf '\\377\\376\\001'             | v4l2-ctl printed '\uFFFD\uFFFD\uFFFD' for power_present",
                "echo x >&2; exit 1                   | v4l2-ctl ended with exit code 1 for",
                "kill -SEGV $$                        | v4l2-ctl ended with exit code 139 for",
                "head -c 10000000 /dev/zero           | printed more than 16384B and was killed",
                "yes power_present: 1                 | printed more than 16384B and was killed"
            })
    void aPowerThatCannotBeReadCostsItsInput(String script, String message) throws Exception {
        inputs.write("video0.power.sh", script);
        assertThat(inputs.pass()).hasSize(6).containsKey("signal" + MAINLINE);
        assertThat(inputs.collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo("stream_hdmirx");
            assertThat(diagnostic.message()).contains(message);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | has no timings: ''",
                "echo nonsense | has no timings: 'nonsense'",
                "echo 'VIDIOC_QUERY_DV_TIMINGS: failed: Device or resource busy' >&2; exit 255 | exit code 255",
                "echo 'VIDIOC_QUERY_DV_TIMINGS: failed: Device or resource busy' >&2 | Device or resource busy",
                "echo 'VIDIOC_QUERY_DV_TIMINGS: failed: No data available' >&2; exit 255 | No data available",
                "cat video0.timings; exit 3 | ended with exit code 3",
                "yes | printed more than 16384B"
            })
    void timingsThatCannotBeReadLeaveThePower(String script, String message) throws Exception {
        inputs.write("video0.timings.sh", script);
        assertThat(inputs.pass())
                .hasSize(7)
                .containsEntry("power_present" + VENDOR, 1.0)
                .containsKey("signal" + MAINLINE);
        assertThat(inputs.collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.message()).contains(message);
        });
    }

    @Test
    void halfAnAnswerCostsItsOtherHalf() throws Exception {
        inputs.write("video0.timings.sh", "head -n 2 video0.timings");
        assertThat(inputs.pass())
                .hasSize(10)
                .contains(
                        entry("signal" + VENDOR, 1.0),
                        entry("width_pixels" + VENDOR, 1920.0),
                        entry("height_pixels" + VENDOR, 1080.0));
        assertThat(inputs.collector.diagnostics())
                .extracting(Diagnostic::subject)
                .containsExactly("stream_hdmirx Frame format", "stream_hdmirx Pixelclock");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Active width: 1920  | Active width: -32768 | 8 | stream_hdmirx width",
                "Active height: 1080 | Active height: --    | 9 | stream_hdmirx height",
                "Active height: 1080 | Active height: 99999 | 9 | stream_hdmirx height",
                "progressive         | mixed                | 10 | stream_hdmirx frame format",
                "(60.00 frames       | (inf frames          | 10 | stream_hdmirx rate",
                "(60.00 frames       | (NaN frames          | 10 | stream_hdmirx rate",
                "(60.00 frames       | (0.00 frames         | 10 | stream_hdmirx rate",
                "(60.00 frames       | (6000.00 frames      | 10 | stream_hdmirx rate"
            })
    void aValueThatCannotBeCostsItself(String old, String fresh, int left, String subject) throws Exception {
        String timings = Files.readString(inputs.folder.resolve("video0.timings"));
        assertThat(timings).contains(old);
        inputs.write("video0.timings", timings.replace(old, fresh));
        Map<String, Object> values = inputs.pass();
        assertThat(whole).containsAllEntriesOf(values);
        assertThat(values).hasSizeGreaterThanOrEqualTo(left).doesNotContainKey("mode" + VENDOR);
        assertThat(inputs.collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo(subject);
        });
    }

    @Test
    void zerosAreNoSignalThatIsKnown() throws Exception {
        inputs.answer("video0", "zero.timings");
        assertThat(inputs.pass()).hasSize(7).containsEntry("power_present" + VENDOR, 1.0);
        assertThat(inputs.messages())
                .containsExactly(
                        "what v4l2-ctl printed for " + inputs.devices
                                + "/video0 has width '0' (expected pixels from 1 to 16384)",
                        "what v4l2-ctl printed for " + inputs.devices
                                + "/video0 has height '0' (expected pixels from 1 to 16384)",
                        "what v4l2-ctl printed for " + inputs.devices
                                + "/video0 has pixelclock '0 Hz' (expected frames per second in brackets, up to 1000)");
    }

    @Test
    void aDriverThatHangsCostsItsInput() throws Exception {
        inputs.write("video0.timings.sh", "head -n 1 video0.timings; sleep 600");
        assertThat(inputs.pass()).hasSize(7).containsEntry("mode" + MAINLINE, "3840x2160p60");
        assertThat(inputs.messages())
                .containsExactly("v4l2-ctl -d " + inputs.devices
                        + "/video0 --query-dv-timings did not end within 3s and was killed");
    }

    @Test
    void aPassHasADeadline() throws Exception {
        inputs.collector.modified(inputs.config(Map.of()), Map.of("timeout", "1s"));
        inputs.write("video0.power.sh", "sleep 600");
        assertThat(inputs.pass()).isEmpty();
        assertThat(inputs.messages()).hasSize(2);
        assertThat(inputs.messages().get(0)).contains("did not end within").contains("and was killed");
        assertThat(inputs.messages().get(1)).contains("no time was left in this pass; raise timeout");
        inputs.collector.modified(inputs.config(Map.of()), Map.of());
    }

    @Test
    void theEndOfTheCollectorKillsTheProgram() throws Exception {
        inputs.write("video0.power.sh", "touch begun; sleep 600");
        FutureTask<List<?>> pass = new FutureTask<>(() -> inputs.collector.collect());
        new Thread(pass).start();
        while (Files.notExists(inputs.folder.resolve("begun"))) {
            Thread.onSpinWait();
        }
        inputs.collector.deactivate();
        assertThat(pass.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(inputs.collector.diagnostics()).isEmpty();
        inputs.calls();
        assertThat(inputs.pass()).as("a pass that comes later").isEmpty();
        assertThat(inputs.calls()).isEmpty();
        inputs = new StubInputs(root, Map.of(), Map.of());
    }

    @Test
    void aListOfTheKernelThatIsDamagedCostsItsDevice() throws Exception {
        inputs.device(1, "");
        assertThat(inputs.pass()).hasSize(6).containsKey("signal" + VENDOR);
        assertThat(inputs.collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo("video1");
        });
    }

    @Test
    void anInputThatGoesEndsItsSeries() throws Exception {
        inputs.unplug(0);
        assertThat(inputs.pass()).hasSize(6).containsKey("signal" + MAINLINE);
        assertThat(inputs.collector.diagnostics()).isEmpty();
    }
}
