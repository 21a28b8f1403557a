package io.tidewatch.collector.modem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.testing.process.Scripts;
import io.tidewatch.testing.process.StubProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** mmcli, ModemManager and modems that misbehave. After every fault the next pass reports everything again. */
@Tag("slow")
@Timeout(60)
class ModemFaultsTest {
    private static final String RM520N = "[e67ee6cf, wwan0]";
    private static final String EM7455 = "[e11527db, wwan1]";
    private static final String BEARER = "/org/freedesktop/ModemManager1/Bearer/";

    @TempDir
    Path folder;

    private StubModems modems;
    private Map<String, Object> whole;

    @BeforeEach
    void twoModems() throws Exception {
        modems = new StubModems(folder, Map.of()).with(List.of("rm520n", "em7455"), 0, 1);
        whole = modems.pass();
        assertThat(whole).hasSize(34);
        modems.calls();
    }

    @AfterEach
    void everythingIsReportedAgain() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path script :
                    files.filter(file -> file.toString().endsWith(".sh")).toList()) {
                Files.delete(script);
            }
        }
        StubProgram.MMCLI.install(folder);
        modems.with(List.of("rm520n", "em7455"), 0, 1);
        Map<String, Object> again = modems.pass();
        assertThat(again.keySet()).isEqualTo(whole.keySet());
        assertThat(modems.collector.diagnostics()).isEmpty();
        modems.collector.deactivate();
    }

    @Test
    void withoutMmcliHealthNamesThePackage() throws Exception {
        Files.delete(folder.resolve("mmcli"));
        assertThat(modems.pass()).containsOnly(entry("up[]", 0.0));
        assertThat(modems.collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.NOTE);
            assertThat(diagnostic.message())
                    .startsWith(folder.resolve("mmcli") + " does not exist")
                    .endsWith("; install the package modemmanager, correct command, or delete"
                            + " tidewatch.collector.modem.cfg");
        });
    }

    /** What mmcli 1.20 printed without ModemManager, and without D-Bus. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "error: couldn't find the ModemManager process in the bus",
                "error: couldn't get bus: Could not connect: No such file or directory"
            })
    void withoutModemManagerHealthNamesTheService(String error) throws Exception {
        modems.write("any.sh", "echo \"" + error + "\" >&2; exit 1");
        for (int pass = 0; pass < 2; pass++) {
            assertThat(modems.pass()).containsOnly(entry("up[]", 0.0));
            assertThat(modems.messages())
                    .containsExactly(
                            "ModemManager does not answer; systemctl enable --now ModemManager (mmcli: " + error + ")");
        }
        assertThat(modems.calls())
                .as("calls of the pass that found out, and of the next")
                .hasSize(2);
    }

    @Test
    void modemManagerThatEndsWithinAPassKeepsWhatWasRead() throws Exception {
        modems.write("modem-1.sh", "echo \"error: couldn't find the ModemManager process in the bus\" >&2; exit 1");
        assertThat(modems.pass())
                .contains(entry("up[]", 0.0), entry("state" + RM520N, "connected"))
                .doesNotContainKey("state" + EM7455);
    }

    static Stream<String> misbehaviour() {
        return Stream.of(
                "cat modem-0.json | head -c 900",
                "printf '\\377\\376{\"modem\":\"\\377\"}'",
                "printf '{\"modem\":{\"generic\":{\"state\":\"\\377\\376\"}}}'",
                "head -c 10000000 /dev/zero",
                "yes 10 MB | head -c 10000000",
                "true",
                "echo '{}{}'",
                "echo '[1,2]'",
                "echo '{\"modem\":[]}'",
                "echo 'error: operation failed' >&2; exit 1",
                "echo 'Segmentation fault' >&2; kill -SEGV $$");
    }

    @ParameterizedTest
    @MethodSource("misbehaviour")
    void aStatusThatCannotBeReadCostsItsModem(String script) throws Exception {
        modems.write("modem-0.sh", script);
        assertThat(modems.pass())
                .hasSize(17)
                .contains(entry("up[]", 1.0), entry("state" + EM7455, "connected"))
                .doesNotContainKey("state" + RM520N);
        assertThat(modems.collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo("modem 0");
        });
    }

    @ParameterizedTest
    @MethodSource("misbehaviour")
    void aSignalThatCannotBeReadCostsItself(String script) throws Exception {
        modems.write("signal-0.sh", script);
        Map<String, Object> values = modems.pass();
        assertThat(values)
                .containsEntry("connection_attempts_total" + RM520N, 4.0)
                .hasSize(30);
        boolean isDocument = script.contains("[1,2]") || script.contains("[]");
        assertThat(modems.collector.diagnostics())
                .extracting(Diagnostic::subject)
                .containsExactly(isDocument ? "wwan0 modem.signal" : "wwan0 signal");
    }

    @ParameterizedTest
    @MethodSource("misbehaviour")
    void aBearerThatCannotBeReadCostsItself(String script) throws Exception {
        modems.write("bearer-1.sh", script);
        assertThat(modems.pass())
                .hasSize(29)
                .containsEntry("rsrp_dbm[e67ee6cf, wwan0, lte]", -104.0)
                .containsEntry("reconnects_total" + RM520N, 0.0);
    }

    @ParameterizedTest
    @MethodSource("misbehaviour")
    void aListThatCannotBeReadIsNamedAndAskedForAgain(String script) throws Exception {
        for (int pass = 1; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
        modems.write("list.sh", script);
        boolean isDocument = script.contains("[1,2]") || script.contains("[]");
        assertThat(modems.pass()).containsOnly(entry("up[]", isDocument ? 1.0 : 0.0));
        assertThat(modems.collector.diagnostics()).hasSize(1);
    }

    @Test
    void mmcliThatHangsIsKilledAndTheOtherModemIsRead() throws Exception {
        modems.write("modem-0.sh", "echo $$ >>pids; exec sleep 1000");
        assertThat(modems.pass()).hasSize(17).containsEntry("state" + EM7455, "connected");
        assertThat(modems.messages())
                .containsExactly("mmcli -m " + StubModems.PREFIX + "0 -J did not end within 3s and was killed; if this"
                        + " stays, systemctl restart ModemManager");
        Scripts.awaitGone(new Scripts(folder).awaitPids("pids", 1));
    }

    @Test
    void whatAPassHasNoTimeForIsNamed() throws Exception {
        modems.collector.modified(StubModems.config(folder.resolve("mmcli")), Map.of("timeout", "600ms"));
        modems.write("any.sh", "sleep 1000");
        assertThat(modems.pass()).containsOnly(entry("up[]", 1.0));
        assertThat(modems.messages())
                .containsExactly(
                        "mmcli -m " + StubModems.PREFIX + "0 -J did not end within 300ms and was killed; if this stays,"
                                + " systemctl restart ModemManager",
                        "mmcli -m " + StubModems.PREFIX + "1 -J was not run, as no time was left in this pass; raise"
                                + " timeout");
        modems.collector.modified(StubModems.config(folder.resolve("mmcli")), Map.of());
    }

    @Test
    void deactivationEndsThePass() throws Exception {
        modems.write("modem-0.sh", "echo $$ >>pids; exec sleep 1000");
        FutureTask<Map<String, Object>> pass = new FutureTask<>(modems::pass);
        Thread thread = new Thread(pass, "test-pass");
        thread.setDaemon(true);
        thread.start();
        List<Long> pids = new Scripts(folder).awaitPids("pids", 1);
        modems.collector.deactivate();
        assertThat(pass.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(modems.collector.diagnostics()).isEmpty();
        Scripts.awaitGone(pids);
        modems.calls();
        assertThat(modems.pass()).isEmpty();
        assertThat(modems.calls()).isEmpty();
        modems = new StubModems(folder, Map.of());
    }

    @Test
    void aModemThatVanishesIsAbsentAndNoDamage() throws Exception {
        modems.list(1).remove("modem-0.json");
        assertThat(modems.pass())
                .hasSize(17)
                .containsEntry("state" + EM7455, "connected")
                .doesNotContainKey("state" + RM520N);
        assertThat(modems.calls()).contains("-L -J");
        assertThat(modems.collector.diagnostics()).isEmpty();
        // It is expected back for a while.
        for (int pass = 1; pass < ModemList.PATIENCE; pass++) {
            modems.pass();
        }
        assertThat(modems.calls()).filteredOn("-L -J"::equals).hasSize(ModemList.PATIENCE - 1);
        modems.pass();
        assertThat(modems.calls()).doesNotContain("-L -J").noneMatch(call -> call.contains("Modem/0"));
        for (int pass = 2; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
    }

    @Test
    void oneThatGoesAfterAnotherIsExpectedBackForAWhileAsWell() throws Exception {
        modems.with(List.of("rm500q"), 0, 1, 2);
        for (int pass = 0; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
        modems.list(0, 1).remove("modem-2.json");
        for (int pass = 0; pass < ModemList.PATIENCE; pass++) {
            modems.pass();
        }
        modems.list(1).remove("modem-0.json");
        for (int pass = 0; pass < ModemList.PATIENCE; pass++) {
            modems.pass();
        }
        modems.calls();
        modems.pass();
        modems.pass();
        assertThat(modems.calls()).doesNotContain("-L -J");
        modems.list(0, 1);
        for (int pass = 2; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
    }

    @Test
    void aModemThatReturnsUnderANewNumberHasItsSeries() throws Exception {
        modems.list(1).remove("modem-0.json");
        modems.pass();
        modems.with(List.of("rm520n"), 7, 1);
        for (String kind : List.of("modem", "signal")) {
            modems.renumber(kind, 0, 7);
        }
        modems.renumber("bearer", 1, 9);
        modems.replace("modem-7.json", BEARER + "1", BEARER + "9");
        Map<String, Object> values = modems.pass();
        assertThat(values.keySet()).isEqualTo(whole.keySet());
        assertThat(values)
                .containsEntry("reconnects_total" + RM520N, 1.0)
                .containsEntry("reconnects_total" + EM7455, 0.0);
        // Renumbered between two passes.
        modems.list(8, 1).renumber("modem", 7, 8);
        modems.renumber("signal", 7, 8);
        assertThat(modems.pass().keySet()).isEqualTo(whole.keySet());
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void aNewConnectionIsAReconnect() throws Exception {
        modems.replace("bearer-1.json", "\"5403\"", "\"5413\"");
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 0.0);
        // Another bearer.
        modems.renumber("bearer", 1, 4);
        modems.replace("modem-0.json", BEARER + "1", BEARER + "4").replace("bearer-4.json", "\"5413\"", "\"6000\"");
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 1.0);
        // The same bearer, connected anew between two passes.
        modems.replace("bearer-4.json", "\"6000\"", "\"3\"");
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 2.0);
        // Seen while it was not connected.
        modems.replace("modem-0.json", "\"state\":\"connected\"", "\"state\":\"searching\"");
        assertThat(modems.pass()).contains(entry("reconnects_total" + RM520N, 2.0), entry("connected" + RM520N, 0.0));
        modems.replace("modem-0.json", "\"state\":\"searching\"", "\"state\":\"connected\"")
                .replace("bearer-4.json", "\"3\"", "\"20\"");
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 3.0);
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 3.0);
    }

    @Test
    void aConnectionThatHasJustBegunIsSeenWhenItHasAnAge() throws Exception {
        modems.replace("bearer-1.json", "\"5403\"", "\"--\"");
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 0.0);
        modems.replace("bearer-1.json", "\"duration\":\"--\"", "\"duration\":\"9\"");
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 1.0);
        modems.remove("bearer-1.json");
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 1.0);
        modems.with(List.of("rm520n"), 0, 1);
        assertThat(modems.pass()).containsEntry("reconnects_total" + RM520N, 1.0);
    }

    /** ModemManager keeps the statistics of a connection that ended. */
    @Test
    void aConnectionThatEndedHasNoAge() throws Exception {
        modems.replace("modem-0.json", "\"state\":\"connected\"", "\"state\":\"registered\"")
                .replace("bearer-1.json", "\"connected\":\"yes\"", "\"connected\":\"no\"");
        assertThat(modems.pass())
                .containsEntry("connection_tx_bytes_total" + RM520N, 5_501_208_991.0)
                .doesNotContainKey("connection_duration_seconds" + RM520N);
        modems.with(List.of("rm520n"), 0, 1);
        assertThat(modems.pass())
                .contains(
                        entry("connection_duration_seconds" + RM520N, 5403.0), entry("reconnects_total" + RM520N, 1.0));
    }

    @Test
    void aBearerThatIsGoneIsNoDamage() throws Exception {
        modems.remove("bearer-1.json");
        assertThat(modems.pass()).hasSize(29).containsEntry("reconnects_total" + RM520N, 0.0);
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "signal-0.json, -104.00, 0.00, rsrp_dbm, lte rsrp, -160 to -20",
        "signal-0.json, -104.00, -161, rsrp_dbm, lte rsrp, -160 to -20",
        "signal-0.json, -104.00, 4294967192, rsrp_dbm, lte rsrp, -160 to -20",
        "signal-0.json, -104.00, bad, rsrp_dbm, lte rsrp, -160 to -20",
        "signal-0.json, -104.00, NaN, rsrp_dbm, lte rsrp, -160 to -20",
        "signal-0.json, -14.00, 26, rsrq_db, 5g rsrq, -50 to 25",
        "signal-0.json, 2.00, 61, snr_db, lte snr, -40 to 60",
        "signal-0.json, -69.0, 0, rssi_dbm, gsm rssi, -130 to -10",
        "modem-0.json, 78, 101, signal_quality_percent, signal-quality, 0 to 100",
        "modem-0.json, 78, -1, signal_quality_percent, signal-quality, 0 to 100",
        "bearer-1.json, 18204417, -5, connection_rx_bytes_total, bytes-rx, 0 to 9007199254740992",
        "bearer-1.json, 5403, 18446744073709551615, connection_duration_seconds, duration, 0 to 9007199254740992",
    })
    void aValueThatCannotBeCostsItself(String file, String good, String bad, String metric, String name, String range)
            throws Exception {
        modems.replace(file, ":\"" + good + "\"", ":\"" + bad + "\"");
        Map<String, Object> values = modems.pass();
        assertThat(values).hasSize(33);
        assertThat(whole.keySet().stream().filter(key -> !values.containsKey(key)))
                .singleElement()
                .asString()
                .startsWith(metric + "[e67ee6cf, wwan0");
        assertThat(modems.messages())
                .containsExactly("wwan0: " + name + " is '" + bad + "', expected a number from " + range);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"--\"", "\"\"", "\"  \"", "null", "\"-32768\"", "\"-32768.00\""})
    void anAbsentValueIsNoDamage(String absent) throws Exception {
        modems.replace("signal-0.json", "\"-104.00\"", absent);
        assertThat(modems.pass()).hasSize(33).doesNotContainKey("rsrp_dbm[e67ee6cf, wwan0, lte]");
        assertThat(modems.collector.diagnostics()).isEmpty();
    }

    @Test
    void valuesOfOtherTypesAreNamedOrReadAsTexts() throws Exception {
        modems.replace("signal-0.json", "\"-104.00\"", "-104")
                .replace("signal-0.json", "\"2.00\"", "{\"value\":2}")
                .replace("modem-0.json", "[\"eutran-3\",\"ngran-78\"]", "\"eutran-3\"")
                .replace("modem-0.json", "[\"lte\",\"5gnr\"]", "{}");
        assertThat(modems.pass())
                .hasSize(32)
                .contains(entry("rsrp_dbm[e67ee6cf, wwan0, lte]", -104.0), entry("bands" + RM520N, "eutran-3"));
        assertThat(modems.messages())
                .containsExactly(
                        "modem 0: modem.generic.access-technologies is no list",
                        "wwan0: modem.signal.lte.snr is no text");
    }

    /** As another version of mmcli may print them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "list.json; {}; list of modems: modem-list is missing",
                "signal-0.json; {\"modem\":{\"signals\":{}}}; wwan0: modem.signal is missing",
                "signal-0.json; {\"modem\":{\"signal\":\"?\"}}; wwan0: modem.signal is missing",
                "bearer-1.json; {\"bearers\":[]}; wwan0: bearer.stats is missing"
            })
    void aDocumentOfAnotherShapeIsNamed(String file, String text, String message) throws Exception {
        String before = Files.readString(modems.folder.resolve(file));
        modems.write(file, text);
        for (int pass = 0; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
        assertThat(modems.messages()).containsExactly(message);

        modems.write(file, before);
        for (int pass = 0; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
        assertThat(modems.pass().keySet()).isEqualTo(whole.keySet());
        assertThat(modems.messages()).isEmpty();
    }

    @Test
    void aModemWithoutIdentifierOrStateIsNotGuessedAt() throws Exception {
        modems.replace("modem-0.json", "0c1d8ab5f70e42c9a1b77f20b4d55dd19e4a6f01", "--")
                .replace("modem-1.json", "\"state\":\"connected\"", "\"state\":\"--\"");
        assertThat(modems.pass())
                .containsEntry("operator" + EM7455, "Telekom.de")
                .doesNotContainKeys("connected" + EM7455, "reconnects_total" + EM7455, "connected" + RM520N);
        assertThat(modems.messages()).containsExactly("modem 0 has no device-identifier and is left out");
    }

    @Test
    void twoModemsWithOneIdentifierAreToldApartByTheirInterface() throws Exception {
        modems.with(List.of("rm520n"), 0, 7);
        modems.renumber("modem", 0, 7);
        modems.renumber("signal", 0, 7);
        modems.with(List.of("rm520n"), 0, 7).replace("modem-7.json", "wwan0 (net)", "wwan8 (net)");
        for (int pass = 1; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
        assertThat(modems.pass()).containsKeys("state" + RM520N, "state[e67ee6cf, wwan8]");
        modems.replace("modem-7.json", "wwan8 (net)", "wwan0 (net)");
        assertThat(modems.pass()).hasSize(18);
        modems.remove("modem-7.json");
        assertThat(modems.messages())
                .containsExactly("wwan0 is there twice, with one device-identifier; the second is left out");
    }

    @Test
    void aModemWithoutNetworkInterfaceHasAnEmptyTag() throws Exception {
        modems.replace("modem-0.json", "wwan0 (net)", "a name that is no interface (net)")
                .replace("signal-0.json", "\"-104.00\"", "\"7\"");
        assertThat(modems.pass()).containsEntry("state[e67ee6cf, ]", "connected");
        assertThat(modems.messages())
                .containsExactly("modem e67ee6cf: lte rsrp is '7', expected a number from -160 to -20");
    }

    @Test
    void pathsThatAreNoneAreNotPassedOn() throws Exception {
        for (int pass = 1; pass < ModemList.PASSES; pass++) {
            modems.pass();
        }
        modems.write("list.json", "{\"modem-list\":[\"" + StubModems.PREFIX + "0\",\"--help\"]}")
                .replace("modem-0.json", BEARER + "1", "--connect");
        modems.calls();
        assertThat(modems.pass()).containsEntry("state" + RM520N, "connected");
        assertThat(modems.calls()).hasSize(3).noneMatch(call -> call.contains("--help") || call.contains("--connect"));
        assertThat(modems.messages())
                .containsExactly(
                        "the list of modems has an entry that is no path of a modem",
                        "wwan0: a bearer of it has no path of a bearer");
    }

    /** Any bytes in the documents of one modem: the other one does not notice. */
    @Test
    void damagedDocumentsCostTheirModemAtMost() throws Exception {
        byte[] likely = "{}[]\",:0-\\\0\u00ff n".getBytes(StandardCharsets.ISO_8859_1);
        Random random = new Random(20261130);
        for (int round = 0; round < 25; round++) {
            modems.with(List.of("rm520n"), 0, 1);
            for (String file : List.of("modem-0.json", "signal-0.json", "bearer-1.json")) {
                byte[] bytes = Files.readAllBytes(folder.resolve(file));
                for (int edits = random.nextInt(4); edits > 0; edits--) {
                    bytes[random.nextInt(bytes.length)] = likely[random.nextInt(likely.length)];
                }
                Files.write(folder.resolve(file), Arrays.copyOf(bytes, bytes.length - random.nextInt(2) * 10));
            }
            assertThat(modems.pass())
                    .as("round %s", round)
                    .containsEntry("up[]", 1.0)
                    .containsAllEntriesOf(ofEm7455());
        }
    }

    private Map<String, Object> ofEm7455() {
        Map<String, Object> values = new TreeMap<>(whole);
        values.keySet().removeIf(key -> !key.contains("e11527db"));
        return values;
    }

    @Test
    void aTextOfAnySizeIsBounded() throws IOException, InterruptedException {
        modems.replace("modem-0.json", "vodafone.de", "x".repeat(3000))
                .replace("modem-1.json", "Telekom.de", "T\\u0007\\n");
        assertThat(modems.pass()).doesNotContainKey("operator" + RM520N).containsEntry("operator" + EM7455, "T\uFFFD");
        assertThat(modems.messages())
                .containsExactly("wwan0: modem.operator is '" + "x".repeat(40)
                        + "…', expected a text of at most 2000 characters");
    }
}
