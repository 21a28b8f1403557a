package io.tidewatch.collector.network;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.NetworkSettings;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class NetworkDamageTest implements DamageContract {
    private static final String DEV = "proc/net/dev";
    private static final String ROUTE = "proc/net/route";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(
                DEV,
                """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                  eth0: 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25
                 wlan0: 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45
                 wwan0: 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65
                    lo: 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85
                """);
        tree.write(
                ROUTE,
                """
                Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
                wwan0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                """);
        tree.write(
                "proc/net/ipv6_route",
                "fe800000000000000000000000000000 40 00000000000000000000000000000000 00"
                        + " 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new NetworkCollector(procFs, NetworkCollectorTest.config("", NetworkSettings.EXCLUDE, "32"));
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row(DEV, 0, "network.interfaces_dropped_total\\[]"),
                Row.of(DEV, 1),
                new Row(DEV, 2, ".*\\[eth0]"),
                new Row(DEV, 3, ".*\\[wlan0]"),
                new Row(DEV, 4, ".*\\[wwan0]"),
                Row.of(DEV, 5),
                Row.of(ROUTE, 0),
                new Row(ROUTE, 1, ".*\\[wwan0]"),
                Row.of(ROUTE, 2),
                Row.of("proc/net/ipv6_route", 0));
    }
}
