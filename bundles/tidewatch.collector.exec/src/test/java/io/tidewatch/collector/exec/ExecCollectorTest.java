package io.tidewatch.collector.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.process.Scripts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExecCollectorTest implements CollectorContract, DocumentedCollector {
    @TempDir
    Path folder;

    private Scripts scripts;
    private ExecCollector collector;

    @BeforeEach
    void scripts() {
        scripts = new Scripts(folder);
    }

    @AfterEach
    void deactivate() {
        if (collector != null) {
            collector.deactivate();
        }
    }

    @Override
    public Collector typicalCollector() throws IOException {
        return collector(Map.of(), "echo 'own_value NaN'", "echo 'other_value 1'");
    }

    @Override
    public String file() {
        return ExecCollector.PID + "-<name>.cfg";
    }

    @Test
    void aPageGivesSamplesWithItsNamesAndTypes() throws Exception {
        collector(
                Map.of("labels", "rig=2", "exclude", "secret_.*"),
                "echo '# TYPE modem_rx_bytes counter'",
                "echo 'modem_rx_bytes{modem=\"a b\"} 12 1700000000000'",
                "echo 'modem_up 1'",
                "echo 'secret_x 1'",
                "printf 'no_line_break 3'");
        assertThat(pass())
                .contains(
                        entry("modem_rx_bytes[a b, 2]", 12.0),
                        entry("modem_up[2]", 1.0),
                        entry("no_line_break[2]", 3.0),
                        entry("exec.up[]", 1.0),
                        entry("exec.exit_code[]", 0.0),
                        entry("exec.samples[]", 3.0))
                .containsKey("exec.duration_seconds[]")
                .hasSize(7);
        assertThat(collector.diagnostics()).isEmpty();
        assertThat(collector.timedSamples()).isEmpty();
    }

    @Test
    void aNumberGivesASample() throws Exception {
        collector(Map.of("format", "value", "name", "room_celsius"), "echo ' 21.5'");
        assertThat(pass()).contains(entry("room_celsius[]", 21.5), entry("exec.up[]", 1.0));
        collector(Map.of("format", "value", "name", "room_celsius"), "echo 21.5 C");
        assertThat(pass())
                .contains(
                        entry("exec.up[]", 0.0),
                        entry("exec.exit_code[]", 0.0),
                        entry("exec.dropped_total[malformed]", 1.0));
        assertThat(messages()).containsExactly("output: expected one number, found '21.5 C'");
        collector(Map.of("format", "value", "name", "room_celsius"), "true");
        assertThat(pass()).containsEntry("exec.up[]", 0.0);
        assertThat(messages()).containsExactly("output: expected one number, found nothing");
    }

    @Test
    void aDocumentGivesSamples() throws Exception {
        collector(
                Map.of("format", "json", "values", "links[*].rate : link_rate{link=links[*].name}, gone : x"),
                "echo '{\"links\":[{\"name\":\"wwan0\",\"rate\":7},{\"name\":\"wwan1\",\"rate\":8}]}'");
        assertThat(pass())
                .contains(
                        entry("link_rate[wwan0]", 7.0),
                        entry("link_rate[wwan1]", 8.0),
                        entry("exec.up[]", 1.0),
                        entry("exec.samples[]", 2.0));
        assertThat(messages()).containsExactly("gone is missing in the output; correct or remove it in values");
        collector(Map.of("format", "json", "values", "a : x"), "echo '{'");
        assertThat(pass()).containsEntry("exec.up[]", 0.0);
        assertThat(messages()).singleElement().asString().startsWith("output: ").contains("at line");
    }

    @Test
    void anExitCodeCostsTheSamplesAndNoPass() throws Exception {
        collector(Map.of(), "echo a 1", "echo 'no modem' >&2", "exit 3");
        assertThat(pass())
                .contains(entry("exec.up[]", 0.0), entry("exec.exit_code[]", 3.0), entry("exec.samples[]", 0.0))
                .doesNotContainKey("a[]");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.message())
                    .isEqualTo(folder.resolve("script")
                            + " ended with exit code 3; nothing of its output is stored: no modem");
        });
        assertWorksAgain();
    }

    @Test
    void aCommandThatTakesTooLongIsKilledBeforeTheTimeout() throws Exception {
        collector(Map.of(), Map.of("timeout", "500ms"), "echo $$ >$D/pids", "echo a 1", "sleep 1000");
        assertThat(pass()).containsEntry("exec.up[]", 0.0).doesNotContainKeys("exec.exit_code[]", "a[]");
        assertThat(messages())
                .singleElement()
                .asString()
                .contains(" did not end within 250ms and was killed", "raise timeout");
        Scripts.awaitGone(scripts.awaitPids("pids", 1));
        assertWorksAgain();
    }

    @Test
    void theTimeoutIsTheCollectorsAndAWrongOneIsTheSchedulersToReport() throws Exception {
        collector(Map.of(), Map.of("timeout", "soon", "collector.timeout", "30s"), "echo a 1");
        assertThat(pass()).containsEntry("a[]", 1.0);
        assertThat(collector.rejectedSettings()).isEmpty();
        collector(Map.of(), Map.of("timeout", "soon", "collector.timeout", "100ms"), "sleep 1000");
        assertThat(pass()).containsEntry("exec.up[]", 0.0);
    }

    @Test
    void tooMuchOutputIsALimit() throws Exception {
        collector(Map.of("max.bytes", "1KiB"), "exec yes 'a 1'");
        assertThat(pass())
                .contains(
                        entry("exec.up[]", 0.0),
                        entry("exec.samples[]", 0.0),
                        entry("exec.dropped_total[max_bytes]", 1.0))
                .doesNotContainKey("exec.exit_code[]");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.LIMITED);
            assertThat(diagnostic.message()).contains("more than max.bytes = 1024B", "raise max.bytes");
        });
        assertWorksAgain();
    }

    @Test
    void aHundredThousandSeriesAreBounded() throws Exception {
        collector(Map.of("max.series", "500", "max.bytes", "4MiB"), "seq 1 100000 | sed 's/.*/s{i=\"&\"} 1/'");
        assertThat(pass())
                .hasSize(500 + 5)
                .contains(entry("exec.up[]", 1.0), entry("exec.dropped_total[max_series]", 99_500.0));
        assertThat(messages()).singleElement().asString().contains("99500 samples of series beyond max.series = 500");
    }

    @Test
    void bytesThatAreNoTextCostTheirLines() throws Exception {
        collector(Map.of(), "printf '\\377\\376\\000 1\\nb 2\\n'");
        assertThat(pass())
                .contains(entry("b[]", 2.0), entry("exec.up[]", 1.0), entry("exec.dropped_total[malformed]", 1.0));
        assertThat(messages()).singleElement().asString().startsWith("output:1:");
        collector(Map.of(), "head -c 2000 /dev/urandom | tr '\\n#' 'xx'; echo");
        assertThat(pass()).contains(entry("exec.up[]", 0.0), entry("exec.samples[]", 0.0));
    }

    @Test
    void noOutputIsNoDamageOfAPage() throws Exception {
        collector(Map.of(), "true");
        assertThat(pass()).contains(entry("exec.up[]", 1.0), entry("exec.samples[]", 0.0));
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(Severity.NOTE, "output", "the command printed nothing"));
    }

    @Test
    void aProgramThatIsNotThereCostsNoPassAndMayComeLater() throws Exception {
        Path later = folder.resolve("script");
        collector = new ExecCollector(config(Map.of("command", later.toString())), Map.of());
        assertThat(pass()).contains(entry("exec.up[]", 0.0), entry("exec.exit_code[]", -1.0));
        assertThat(messages())
                .singleElement()
                .asString()
                .startsWith(later + " does not exist")
                .endsWith("; install it, or correct command");
        scripts.write("script", "echo a 1");
        assertThat(pass()).containsEntry("a[]", 1.0);
    }

    @Test
    void countersOutliveAChangeOfTheConfiguration() throws Exception {
        collector(Map.of(), "echo a NaN");
        pass();
        reconfigure(Map.of("labels", "x=1"));
        assertThat(pass()).containsEntry("exec.dropped_total[not_finite]", 2.0);
        reconfigure(Map.of("labels", "x"));
        assertThat(collector.rejectedSettings()).hasSize(1);
        assertThat(pass()).containsEntry("exec.dropped_total[not_finite]", 3.0);
    }

    @Test
    void anotherCommandEndsTheOneThatRuns() throws Exception {
        collector(Map.of(), "sleep 1000 & echo $! >$D/pids; echo $$ >>$D/pids; wait");
        FutureTask<List<Sample>> pass = start();
        List<Long> pids = scripts.awaitPids("pids", 2);
        collector.modified(config(Map.of("command", "/bin/echo b 2")), Map.of());
        assertThat(pass.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(collector.diagnostics()).isEmpty();
        Scripts.awaitGone(pids);
        assertThat(pass()).contains(entry("b[]", 2.0), entry("exec.up[]", 1.0));
    }

    @Test
    void deactivationEndsTheCommand() throws Exception {
        collector(Map.of(), "sleep 1000 & echo $! >$D/pids; echo $$ >>$D/pids; wait");
        FutureTask<List<Sample>> pass = start();
        List<Long> pids = scripts.awaitPids("pids", 2);
        collector.deactivate();
        assertThat(pass.get(10, TimeUnit.SECONDS)).isEmpty();
        Scripts.awaitGone(pids);
    }

    @Test
    void anInterruptEndsThePassAtOnce() throws Exception {
        collector(Map.of(), Map.of("timeout", "1h"), "sleep 1000 & echo $! >$D/pids; echo $$ >>$D/pids; wait");
        FutureTask<List<Sample>> pass = start();
        List<Long> pids = scripts.awaitPids("pids", 2);
        long start = System.nanoTime();
        pass.cancel(true);
        Scripts.awaitGone(pids);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertWorksAgain();
    }

    /** The same instance, after the cause is gone. */
    private void assertWorksAgain() throws Exception {
        scripts.write("script", "echo works 1");
        assertThat(pass()).contains(entry("works[]", 1.0), entry("exec.up[]", 1.0), entry("exec.exit_code[]", 0.0));
        assertThat(collector.diagnostics()).isEmpty();
    }

    private FutureTask<List<Sample>> start() {
        ExecCollector running = collector;
        FutureTask<List<Sample>> pass = new FutureTask<>(running::collect);
        Thread thread = new Thread(pass, "test-pass");
        thread.setDaemon(true);
        thread.start();
        return pass;
    }

    private ExecCollector collector(Map<String, String> config, String... script) throws IOException {
        return collector(config, Map.of(), script);
    }

    private ExecCollector collector(Map<String, String> config, Map<String, Object> properties, String... script)
            throws IOException {
        scripts.write("script", script);
        collector = new ExecCollector(config(config), properties);
        return collector;
    }

    private void reconfigure(Map<String, String> config) {
        collector.modified(config(config), Map.of());
    }

    private ExecCollector.Config config(Map<String, String> keys) {
        Map<String, String> all =
                new HashMap<>(Map.of("command", folder.resolve("script").toString()));
        all.putAll(keys);
        return TypedConfiguration.of(ExecCollector.Config.class, all);
    }

    private Map<String, Double> pass() throws InterruptedException {
        Map<String, Double> values = new TreeMap<>();
        collector.collect().forEach(sample -> values.put(sample.metric().name() + sample.tagValues(), sample.value()));
        return values;
    }

    private List<String> messages() {
        return collector.diagnostics().stream().map(Diagnostic::message).toList();
    }
}
