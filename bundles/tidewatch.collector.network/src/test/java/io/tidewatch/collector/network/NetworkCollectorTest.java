package io.tidewatch.collector.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.NetworkSettings;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import io.tidewatch.testing.config.TypedConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkCollectorTest implements RealMachineContract, DocumentedCollector {
    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        interfaces("lo", "eth0", "wwan0", "usb0", "enx0011aabbccdd", "docker0", "wlan0");
        return collectorWithoutSource();
    }

    @Override
    public Collector collectorWithoutSource() {
        return collectorOn(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new NetworkCollector(procFs, config("", NetworkSettings.EXCLUDE, "32"));
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        // Of this network namespace; /sys may be that of another one.
        boolean any = !RealMachine.run(
                        "sh", "-c", "grep : /proc/net/dev | grep -vE '^ *(lo|docker|veth|br-|wwan|usb)' || true")
                .isEmpty();
        return any || metric.tags().isEmpty();
    }

    @Test
    void reportsTheCountersOfEachInterfaceButTheExcluded() throws Exception {
        Map<String, Double> values = RealMachine.valuesOf(typicalCollector().collect());

        assertThat(values)
                .hasSize(17)
                .containsEntry("network.rx_bytes_total[eth0]", 1000.0)
                .containsEntry("network.rx_packets_total[eth0]", 1001.0)
                .containsEntry("network.rx_errors_total[eth0]", 1002.0)
                .containsEntry("network.rx_dropped_total[eth0]", 1003.0)
                .containsEntry("network.tx_bytes_total[eth0]", 1008.0)
                .containsEntry("network.tx_packets_total[eth0]", 1009.0)
                .containsEntry("network.tx_errors_total[eth0]", 1010.0)
                .containsEntry("network.tx_dropped_total[eth0]", 1011.0)
                .containsKey("network.rx_bytes_total[wlan0]")
                .containsEntry("network.interfaces_dropped_total[]", 0.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lo",
                "docker0",
                "veth12ab",
                "br-0123456789ab",
                "wlan0mon",
                "virbr0",
                "wwan0",
                "wwp0s20f0u1i12",
                "usb0",
                "enx0011aabbccdd"
            })
    void excludesByDefault(String name) throws Exception {
        interfaces(name, "eth0");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()).keySet())
                .noneMatch(key -> key.contains(name))
                .contains("network.rx_bytes_total[eth0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0", "end1", "enP4p65s0", "eno1", "wlan0", "bond0", "br0", "enx12", "tailscale0"})
    void keepsByDefault(String name) throws Exception {
        interfaces(name);

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .containsKey("network.rx_bytes_total[" + name + "]");
    }

    @Test
    void includeBringsBackWhatExcludeLeavesOut() throws Exception {
        typicalCollector();
        NetworkCollector collector =
                new NetworkCollector(FixtureTree.empty(folder).procFs(), config("wwan.*", ".*", "32"));

        assertThat(RealMachine.valuesOf(collector.collect())).hasSize(9).containsKey("network.rx_bytes_total[wwan0]");
    }

    @Test
    void aCounterThatStepsBackIsLeftOutAloneAndComesBack() throws Exception {
        FixtureTree tree = interfaces("eth0", "wlan0");
        Collector collector = collectorWithoutSource();
        collector.collect();
        String text = Files.readString(folder.resolve("proc/net/dev"));

        for (int bytes = 999; bytes > 990; bytes--) {
            tree.write("proc/net/dev", text.replace("eth0: 1000", "eth0: " + bytes));
            assertThat(RealMachine.valuesOf(collector.collect()))
                    .hasSize(16)
                    .doesNotContainKey("network.rx_bytes_total[eth0]")
                    .containsEntry("network.rx_packets_total[eth0]", 1001.0)
                    .containsEntry("network.tx_bytes_total[eth0]", 1008.0)
                    .containsKey("network.rx_bytes_total[wlan0]");
        }
        assertThat(RealMachine.valuesOf(collector.collect())).containsEntry("network.rx_bytes_total[eth0]", 991.0);
    }

    /** Case C19: the only uplink of a Raspberry Pi is a USB adapter of its own, which `exclude` matches. */
    @Test
    void theInterfaceOfTheDefaultRouteIsReportedAndWhatIsExcludedIsNamed() throws Exception {
        FixtureTree tree = FixtureTree.copy("usb-uplink", folder);
        NetworkCollector collector = (NetworkCollector) collectorOn(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(9)
                .containsEntry("network.rx_bytes_total[enxb827eb12ab34]", 202719941.0)
                .containsEntry("network.tx_bytes_total[enxb827eb12ab34]", 466479691.0);
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(Diagnostic.Severity.NOTE, "exclude", "excluded: lo"));

        tree.remove("proc/net/route");
        assertThat(RealMachine.valuesOf(collector.collect()))
                .as("the route went to another interface for a while")
                .containsKey("network.rx_bytes_total[enxb827eb12ab34]");
        NetworkCollector without = (NetworkCollector) collectorOn(tree.procFs());
        assertThat(RealMachine.valuesOf(without.collect())).containsOnlyKeys("network.interfaces_dropped_total[]");
        assertThat(without.diagnostics())
                .containsExactly(new Diagnostic(Diagnostic.Severity.NOTE, "exclude", "excluded: enxb827eb12ab34, lo"));
    }

    @Test
    void theInterfaceOfTheDefaultRouteOfIpv6IsReported() throws Exception {
        FixtureTree tree = interfaces("lo", "wwan0", "usb0", "usb1");
        String zeros = "0".repeat(32);
        tree.write(
                "proc/net/ipv6_route",
                // A default route, one that refuses, and a route to a network.
                zeros + " 00 " + zeros
                        + " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003    wwan0\n"
                        + zeros + " 00 " + zeros + " 00 " + zeros + " ffffffff 00000001 00000000 00200200       lo\n"
                        + "fe80" + zeros.substring(4) + " 40 " + zeros + " 00 " + zeros
                        + " 00000100 00000001 00000000 00000001     usb0\n");
        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .hasSize(9)
                .containsKey("network.rx_bytes_total[wwan0]");
    }

    @Test
    void anImpossibleCounterCostsItself() throws Exception {
        FixtureTree tree = interfaces("eth0");
        tree.write(
                "proc/net/dev",
                Files.readString(folder.resolve("proc/net/dev")).replace("1008", "18446744073709551615"));
        NetworkCollector collector = (NetworkCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(8)
                .doesNotContainKey("network.tx_bytes_total[eth0]");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.subject()).isEqualTo("eth0, network.tx_bytes_total");
            assertThat(diagnostic.message()).contains("found '18446744073709551615 1009");
        });
    }

    @Test
    void interfacesComeAndGoBetweenPasses() throws Exception {
        interfaces("eth0", "wlan0");
        Collector collector = collectorWithoutSource();
        collector.collect();
        interfaces("wlan0", "eth1");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(17)
                .containsKeys("network.rx_bytes_total[wlan0]", "network.rx_bytes_total[eth1]");
    }

    @Test
    void ofAThousandInterfacesSomeAreReportedAndTheRestIsCounted() throws Exception {
        interfaces(IntStream.range(0, 1000).mapToObj(i -> "ppp" + i).toArray(String[]::new));
        Collector collector = collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(32 * 8 + 1)
                .containsEntry("network.interfaces_dropped_total[]", 968.0);
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsEntry("network.interfaces_dropped_total[]", 968.0);
    }

    @Test
    void badSettingsAreReportedWithTheirPlaceAndTheLastGoodStay() throws Exception {
        typicalCollector();
        NetworkCollector collector =
                new NetworkCollector(FixtureTree.empty(folder).procFs(), config("", "lo, eth.*", "1"));
        collector.reconfigure(config("(", "lo, wwan[", "0"));

        assertThat(collector.rejectedSettings().stream().map(InvalidSettingException::getMessage))
                .hasSize(3)
                .anyMatch(message -> message.contains("invalid include \"(\"") && message.contains("at position"))
                .anyMatch(message ->
                        message.contains("invalid exclude \"lo, wwan[\"") && message.contains("at position 9"))
                .anyMatch(message ->
                        message.contains("invalid max.interfaces \"0\"") && message.contains("from 1 to 1000"));
        assertThat(RealMachine.valuesOf(collector.collect())).hasSize(9).containsKey("network.rx_bytes_total[docker0]");

        collector.reconfigure(config("", ".*", "32"));
        assertThat(collector.rejectedSettings()).isEmpty();
        assertThat(RealMachine.valuesOf(collector.collect())).containsOnlyKeys("network.interfaces_dropped_total[]");
    }

    @Test
    void aDamagedRowCostsItselfAndIsNamed() throws Exception {
        FixtureTree tree = interfaces("eth0", "wlan0");
        String text = Files.readString(folder.resolve("proc/net/dev"));
        for (String damaged : List.of(
                text.substring(0, text.length() - 8), text.replace("wlan0:", "wlan0 "), text.replace("1000", "x"))) {
            tree.write("proc/net/dev", damaged);
            NetworkCollector collector = (NetworkCollector) collectorWithoutSource();
            assertThat(collector.collect()).as(damaged).hasSizeLessThan(17);
            assertThat(collector.diagnostics()).isNotEmpty().allSatisfy(diagnostic -> assertThat(diagnostic.message())
                    .contains("net/dev:", "expected"));
        }
    }

    @Test
    void aFileThatIsSomethingElseLeavesNothing() throws Exception {
        FixtureTree.empty(folder).write("proc/net/dev", "<html><head><title>302 Found</title></head>\n");
        NetworkCollector collector = (NetworkCollector) collectorWithoutSource();

        assertThat(collector.collect()).isEmpty();
        assertThat(collector.diagnostics()).isNotEmpty();
    }

    /**
     * In a network namespace of its own nothing moves but what the test sends: datagrams of 1,000 bytes, with 8 bytes of
     * UDP, 20 of IPv4 and 14 of Ethernet header each, over a pair of virtual interfaces.
     */
    @Test
    void agreesWithAKnownTransfer() throws Exception {
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            NetworkCollector collector = new NetworkCollector(
                    new ProcFs(namespace.proc(), Path.of("/sys"), Path.of("/")), config("", "lo", "32"));
            Map<String, Double> before = RealMachine.valuesOf(collector.collect());
            namespace.send(100);
            Map<String, Double> after = RealMachine.valuesOf(collector.collect());

            assertThat(difference("network.tx_bytes_total[a0]", before, after)).isEqualTo(100 * 1042.0);
            assertThat(difference("network.tx_packets_total[a0]", before, after))
                    .isEqualTo(100);
            assertThat(difference("network.rx_bytes_total[b0]", before, after)).isEqualTo(100 * 1042.0);
            assertThat(difference("network.rx_packets_total[b0]", before, after))
                    .isEqualTo(100);
            assertThat(difference("network.rx_bytes_total[a0]", before, after)).isZero();
        }
    }

    private static double difference(String key, Map<String, Double> before, Map<String, Double> after) {
        return after.get(key) - before.get(key);
    }

    private FixtureTree interfaces(String... names) throws Exception {
        StringBuilder text = new StringBuilder(
                """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                """);
        for (String name : names) {
            text.append("  ").append(name).append(':');
            IntStream.range(1000, 1016).forEach(value -> text.append(' ').append(value));
            text.append('\n');
        }
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/net/dev", text.toString());
        return tree;
    }

    static NetworkCollector.Config config(String include, String exclude, String maxInterfaces) {
        return TypedConfiguration.of(
                NetworkCollector.Config.class,
                Map.of("include", include, "exclude", exclude, "max.interfaces", maxInterfaces));
    }
}
