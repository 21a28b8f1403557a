package io.tidewatch.collector.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String NAMES = "Tcp: RtoAlgorithm MaxConn CurrEstab InSegs OutSegs RetransSegs\n";

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws IOException {
        return new TcpCollector(FixtureTree.copy("linux-6.1", folder).procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new TcpCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new TcpCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        return RealMachine.run("sh", "-c", "cat /proc/net/snmp 2>/dev/null || true")
                .contains("\nTcp: 1 ");
    }

    @ParameterizedTest
    @CsvSource({"linux-6.1, 7, 402118, 9120", "linux-3.2, 12, 6593605, 70780"})
    void reportsTheColumnsByTheirNames(String kernel, double established, double sent, double retransmitted)
            throws Exception {
        TcpCollector collector =
                new TcpCollector(FixtureTree.copy(kernel, folder).procFs());

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "tcp.established_connections[]", established,
                        "tcp.sent_segments_total[]", sent,
                        "tcp.retransmitted_segments_total[]", retransmitted));
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aMachineWithoutTheFileHasNothingToSay() throws Exception {
        TcpCollector collector = (TcpCollector) collectorWithoutSource();

        assertThat(collector.collect()).isEmpty();
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x70780", "-1", "18446744073709551615", "", "0x7"})
    void aDamagedNumberCostsItselfAndIsNamed(String number) throws Exception {
        TcpCollector collector = collectorOn(NAMES + "Tcp: 1 -1 12 6670002 6593605 " + number + "\n");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of("tcp.established_connections[]", 12.0, "tcp.sent_segments_total[]", 6593605.0));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo("RetransSegs");
            assertThat(diagnostic.message()).contains("net/snmp:2: expected");
        });
    }

    @Test
    void aDamagedNumberDoesNotMoveTheNumbersAfterIt() throws Exception {
        TcpCollector collector = collectorOn(NAMES + "Tcp: 1 -1 twelve 6670002 6593605 70780\n");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(
                        Map.of("tcp.sent_segments_total[]", 6593605.0, "tcp.retransmitted_segments_total[]", 70780.0));
    }

    @Test
    void aColumnThatIsMissingIsNamed() throws Exception {
        TcpCollector collector = collectorOn("Tcp: CurrEstab OutSegs\nTcp: 3 4\n");

        assertThat(collector.collect()).hasSize(2);
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .endsWith("net/snmp: has no column 'RetransSegs' of Tcp"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Ip: Forwarding\nIp: 1\n",
                "Tcp: CurrEstab OutSegs RetransSegs\n",
                "Tcp: 1 -1 12 6670002 6593605 70780\n"
            })
    void aFileWithoutBothLinesIsAnError(String text) throws Exception {
        TcpCollector collector = collectorOn(text);

        assertThatThrownBy(collector::collect)
                .isInstanceOf(ProcFormatException.class)
                .hasMessageContaining("net/snmp: has no line 'Tcp:' of n");
    }

    /** Other programs open and close connections too. */
    @Test
    void seesTheSegmentsOfAConnection() throws Exception {
        Collector collector = collectorOn(RealMachine.procFs());
        double before = RealMachine.valuesOf(collector.collect()).get("tcp.sent_segments_total[]");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(accepted.getInputStream().read()).isEqualTo(7);

            Map<String, Double> values = RealMachine.valuesOf(collector.collect());
            assertThat(values.get("tcp.sent_segments_total[]")).isGreaterThanOrEqualTo(before + 3);
            assertThat(values.get("tcp.established_connections[]")).isGreaterThanOrEqualTo(2);
        }
    }

    private TcpCollector collectorOn(String text) throws IOException {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/net/snmp", text);
        return new TcpCollector(tree.procFs());
    }
}
