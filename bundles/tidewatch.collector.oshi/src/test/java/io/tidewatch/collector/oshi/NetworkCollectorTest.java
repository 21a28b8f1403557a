package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.config.TypedConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import oshi.hardware.NetworkIF;

class NetworkCollectorTest {
    private static final String DROPPED = "network.interfaces_dropped_total[]";

    private final List<NetworkIF> interfaces = new ArrayList<>();

    @Test
    void reportsTheCountersOfAnInterface() throws Exception {
        interfaces.add(network("en0", 100));

        assertThat(RealMachine.valuesOf(collector("", "lo", "32").collect()))
                .isEqualTo(Map.of(
                        "network.rx_bytes_total[en0]",
                        100.0,
                        "network.rx_packets_total[en0]",
                        101.0,
                        "network.rx_errors_total[en0]",
                        102.0,
                        "network.rx_dropped_total[en0]",
                        103.0,
                        "network.tx_bytes_total[en0]",
                        104.0,
                        "network.tx_packets_total[en0]",
                        105.0,
                        "network.tx_errors_total[en0]",
                        106.0,
                        DROPPED,
                        0.0));
    }

    @Test
    void followsTheFilter() throws Exception {
        interfaces.addAll(List.of(network("lo0", 1), network("en0", 1), network("utun3", 1), network("utun4", 1)));

        assertThat(RealMachine.valuesOf(collector("utun4", "lo.*, utun.*", "32").collect()))
                .containsKeys("network.rx_bytes_total[en0]", "network.rx_bytes_total[utun4]")
                .doesNotContainKeys("network.rx_bytes_total[lo0]", "network.rx_bytes_total[utun3]");
    }

    @Test
    void aCounterThatStepsBackIsLeftOutAlone() throws Exception {
        NetworkCollector collector = collector("", "", "32");
        interfaces.addAll(List.of(network("en0", 100), network("en1", 100)));
        collector.collect();
        interfaces.set(0, network("en0", 99));

        assertThat(RealMachine.valuesOf(collector.collect())).hasSize(8).containsKey("network.rx_bytes_total[en1]");
        interfaces.set(0, network("en0", 99));
        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(15)
                .containsEntry("network.rx_bytes_total[en0]", 99.0);
    }

    @Test
    void aWrongValueLeavesTheLastGoodSettingsInForce() throws Exception {
        NetworkCollector collector = collector("", "en0", "1");
        interfaces.addAll(List.of(network("en0", 1), network("en1", 1)));

        collector.reconfigure(config("", "(", "0"));

        assertThat(collector.rejectedSettings())
                .extracting(problem -> problem.key())
                .containsExactly("exclude", "max.interfaces");
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsKey("network.rx_bytes_total[en1]")
                .doesNotContainKey("network.rx_bytes_total[en0]");

        collector.reconfigure(config("", "en1", "2"));
        assertThat(collector.rejectedSettings()).isEmpty();
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsKey("network.rx_bytes_total[en0]")
                .doesNotContainKey("network.rx_bytes_total[en1]");
    }

    @Test
    void staysWithTheChosenInterfacesAndCountsTheOthersOnce() throws Exception {
        NetworkCollector collector = collector("", "", "2");
        interfaces.addAll(List.of(network("en3", 1), network("en4", 1), network("en5", 1)));
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsKeys("network.rx_bytes_total[en3]", "network.rx_bytes_total[en4]")
                .doesNotContainKey("network.rx_bytes_total[en5]")
                .containsEntry(DROPPED, 1.0);

        interfaces.add(network("en0", 1));
        for (int pass = 0; pass < 2; pass++) {
            assertThat(RealMachine.valuesOf(collector.collect()))
                    .containsKeys("network.rx_bytes_total[en3]", "network.rx_bytes_total[en4]")
                    .doesNotContainKeys("network.rx_bytes_total[en0]", "network.rx_bytes_total[en5]")
                    .containsEntry(DROPPED, 2.0);
        }

        interfaces.removeIf(network -> network.getName().equals("en3"));
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsKeys("network.rx_bytes_total[en0]", "network.rx_bytes_total[en4]")
                .containsEntry(DROPPED, 2.0);
    }

    private NetworkCollector collector(String include, String exclude, String maxInterfaces) {
        return new NetworkCollector(() -> interfaces, config(include, exclude, maxInterfaces));
    }

    static NetworkCollector.Config config(String include, String exclude, String maxInterfaces) {
        return TypedConfiguration.of(
                NetworkCollector.Config.class,
                Map.of("include", include, "exclude", exclude, "max.interfaces", maxInterfaces));
    }

    /** An interface whose counters are the given number and those after it. */
    private static NetworkIF network(String name, long first) {
        Map<String, Object> answers = new HashMap<>(Map.of("getName", name));
        List<String> counters = List.of(
                "getBytesRecv",
                "getPacketsRecv",
                "getInErrors",
                "getInDrops",
                "getBytesSent",
                "getPacketsSent",
                "getOutErrors");
        for (int i = 0; i < counters.size(); i++) {
            answers.put(counters.get(i), first + i);
        }
        return Answers.of(NetworkIF.class, answers);
    }
}
