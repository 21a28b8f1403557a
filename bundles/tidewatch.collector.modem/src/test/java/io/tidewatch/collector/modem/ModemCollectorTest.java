package io.tidewatch.collector.modem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Modems that answer. */
@Timeout(60)
class ModemCollectorTest implements CollectorContract, DocumentedCollector {
    private static final String RM520N = "[e67ee6cf, wwan0]";
    private static final String EM7455 = "[e11527db, wwan1]";
    private static final String RM500Q = "[fd1a06a9, wwan2]";
    private static final String NO_SIM = "[1853971c, wwan3]";

    @TempDir
    Path folder;

    private StubModems modems;

    @BeforeEach
    void stub() throws IOException {
        modems = new StubModems(folder, Map.of());
    }

    @AfterEach
    void deactivate() {
        modems.collector.deactivate();
    }

    @Override
    public Collector typicalCollector() throws IOException {
        return modems.with(List.of("rm520n", "em7455", "rm500q", "no-sim"), 0, 1, 2, 3).collector;
    }

    @Test
    void a5gModemIsReportedAsItIs() throws Exception {
        modems.with(List.of("rm520n"), 0);
        assertThat(modems.pass())
                .containsOnly(
                        entry("up[]", 1.0),
                        entry("state" + RM520N, "connected"),
                        entry("connected" + RM520N, 1.0),
                        entry("registration" + RM520N, "home"),
                        entry("access_technology" + RM520N, "lte, 5gnr"),
                        entry("operator" + RM520N, "vodafone.de"),
                        entry("bands" + RM520N, "eutran-3, ngran-78"),
                        entry("signal_quality_percent" + RM520N, 78.0),
                        entry("rsrq_db[e67ee6cf, wwan0, 5g]", -14.0),
                        entry("rsrp_dbm[e67ee6cf, wwan0, lte]", -104.0),
                        entry("snr_db[e67ee6cf, wwan0, lte]", 2.0),
                        entry("rssi_dbm[e67ee6cf, wwan0, gsm]", -69.0),
                        entry("connection_rx_bytes_total" + RM520N, 18204417.0),
                        entry("connection_tx_bytes_total" + RM520N, 5501208991.0),
                        entry("connection_duration_seconds" + RM520N, 5403.0),
                        entry("connection_attempts_total" + RM520N, 4.0),
                        entry("connection_failed_attempts_total" + RM520N, 1.0),
                        entry("reconnects_total" + RM520N, 0.0));
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void anLteModemHasNoFailedAttemptsAsUnknownIsNotZero() throws Exception {
        modems.with(List.of("em7455"), 1);
        assertThat(modems.pass())
                .contains(
                        entry("registration" + EM7455, "roaming"),
                        entry("operator" + EM7455, "Telekom.de"),
                        entry(
                                "bands" + EM7455,
                                "utran-1, eutran-1, eutran-3, eutran-7, eutran-8, eutran-20, eutran-28"),
                        entry("signal_quality_percent" + EM7455, 63.0),
                        entry("rsrp_dbm[e11527db, wwan1, lte]", -100.0),
                        entry("rsrq_db[e11527db, wwan1, lte]", -11.0),
                        entry("rssi_dbm[e11527db, wwan1, lte]", -68.0),
                        entry("snr_db[e11527db, wwan1, lte]", 9.6),
                        entry("connection_attempts_total" + EM7455, 1.0))
                .doesNotContainKey("connection_failed_attempts_total" + EM7455)
                .hasSize(17);
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void anInactiveTechnologyIsAbsentAndTheConnectedBearerCounts() throws Exception {
        modems.with(List.of("rm500q"), 2);
        assertThat(modems.pass())
                .contains(
                        entry("rsrp_dbm[fd1a06a9, wwan2, lte]", -97.0),
                        entry("connection_attempts_total" + RM500Q, 2.0),
                        entry("connection_duration_seconds" + RM500Q, 33.0))
                .doesNotContainKeys(
                        "rsrp_dbm[fd1a06a9, wwan2, 5g]", "rsrq_db[fd1a06a9, wwan2, 5g]", "snr_db[fd1a06a9, wwan2, 5g]");
        assertThat(modems.collector.diagnostics()).isEmpty();
        modems.remove("bearer-3.json");
        assertThat(modems.pass()).doesNotContainKey("connection_attempts_total" + RM500Q);
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void whyAModemFailedIsReportedAndNothingElseIsAsked() throws Exception {
        modems.with(List.of("no-sim"), 3);
        assertThat(modems.pass())
                .containsOnly(
                        entry("up[]", 1.0),
                        entry("state" + NO_SIM, "failed"),
                        entry("failed_reason" + NO_SIM, "sim-missing"),
                        entry("connected" + NO_SIM, 0.0),
                        entry("reconnects_total" + NO_SIM, 0.0));
        assertThat(modems.calls()).containsExactly("-L -J", "-m " + StubModems.PREFIX + "3 -J");
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void noModemIsNothingToReport() throws Exception {
        modems.with(List.of("none"));
        assertThat(modems.pass()).containsOnly(entry("up[]", 1.0));
        assertThat(modems.collector.diagnostics()).isEmpty();
        modems.with(List.of("rm520n"), 0);
        assertThat(modems.pass()).containsKey("state" + RM520N);
    }

    @Test
    void aSignalThatIsNotPolledIsNotedOnceForAllModems() throws Exception {
        modems.with(List.of("em7455", "unpolled"), 0, 1)
                .write("signal-1.json", "{\"modem\":{\"signal\":{\"lte\":{\"rsrp\":\"--\"}}}}");
        assertThat(modems.pass()).doesNotContainKey("rsrp_dbm[e67ee6cf, wwan0, lte]");
        assertThat(modems.collector.diagnostics())
                .containsExactly(new Diagnostic(
                        Severity.NOTE,
                        "signal",
                        "ModemManager does not poll the signal of wwan0, wwan1; as root run"
                                + " mmcli -m 0 --signal-setup=10, mmcli -m 1 --signal-setup=10 after each of its starts,"
                                + " or enable modem-signal.service of examples/belabox"));
        // Polled, and still without a value.
        modems.replace("signal-0.json", "\"rate\":\"0\"", "\"rate\":\"10\"").with(List.of("em7455"), 0, 1);
        modems.pass();
        assertThat(modems.collector.diagnostics()).isEmpty();
        modems.with(List.of("rm520n"), 0);
        assertThat(modems.pass()).containsEntry("rsrp_dbm[e67ee6cf, wwan0, lte]", -104.0);
    }

    @Test
    void aModemWithoutSignalCapabilitiesIsNoDamage() throws Exception {
        modems.with(List.of("rm520n"), 0).remove("signal-0.json");
        assertThat(modems.pass()).containsEntry("connected" + RM520N, 1.0).hasSize(14);
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void aSignalQualityThatIsNotRecentIsAbsent() throws Exception {
        modems.with(List.of("rm520n"), 0).replace("modem-0.json", "\"recent\":\"yes\"", "\"recent\":\"no\"");
        assertThat(modems.pass()).doesNotContainKey("signal_quality_percent" + RM520N);
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void theListIsKeptForSomePasses() throws Exception {
        modems.with(List.of("rm520n"), 0);
        modems.pass();
        assertThat(modems.calls())
                .containsExactly(
                        "-L -J",
                        "-m " + StubModems.PREFIX + "0 -J",
                        "-m " + StubModems.PREFIX + "0 --signal-get -J",
                        "-b /org/freedesktop/ModemManager1/Bearer/1 -J");
        modems.with(List.of("em7455"), 0, 1);
        for (int pass = 1; pass < ModemList.PASSES; pass++) {
            assertThat(modems.pass()).doesNotContainKey("state" + EM7455);
            assertThat(modems.calls()).doesNotContain("-L -J");
        }
        assertThat(modems.pass()).containsKeys("state" + EM7455, "state" + RM520N);
    }

    @Test
    void nothingPrivateIsReported() throws Exception {
        typicalCollector();
        modems.replace("bearer-1.json", "\"5403\"", "{}");
        String reported = modems.pass() + " " + modems.messages();
        for (String secret : List.of(
                "490154203237518",
                "+491710000000",
                "internet.example",
                "sample-password",
                "sample-user",
                "10.64.1.2",
                "26202",
                "0c1d8ab5f70e42c9a1b77f20b4d55dd19e4a6f01",
                "SIM/0")) {
            assertThat(StubModems.isInFixtures(secret)).as(secret).isTrue();
            assertThat(reported).doesNotContain(secret);
        }
        modems.write("bearer-1.json", "{\"bearer\":{\"properties\":{\"password\":sample-password}}}");
        modems.pass();
        assertThat(modems.messages())
                .containsExactly("mmcli -b /org/freedesktop/ModemManager1/Bearer/1 -J printed no JSON document:"
                        + " malformed at line 1, column 37; run it to see");
    }

    @Test
    void anotherCommandIsUsedAtOnceAndAWrongOneIsNot() throws Exception {
        modems.with(List.of("rm520n"), 0);
        modems.collector.modified(StubModems.config(Path.of("mmcli")), Map.of());
        assertThat(modems.collector.rejectedSettings()).singleElement().satisfies(problem -> assertThat(
                        problem.getMessage())
                .contains("invalid command \"mmcli\"", "the absolute path of mmcli"));
        assertThat(modems.pass()).containsEntry("up[]", 1.0);
        modems.collector.modified(StubModems.config(folder.resolve("none")), Map.of());
        assertThat(modems.pass()).containsOnly(entry("up[]", 0.0));
        assertThat(new ModemCollector.Check().concerns("tidewatch.collector.modem"))
                .isTrue();
        assertThat(new ModemCollector.Check().problems(Map.of("command", "/a"))).isEmpty();
    }
}
