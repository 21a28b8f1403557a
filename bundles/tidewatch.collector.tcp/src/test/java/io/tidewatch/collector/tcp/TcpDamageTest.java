package io.tidewatch.collector.tcp;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.util.List;

class TcpDamageTest implements DamageContract {
    private static final String FILE = "proc/net/snmp";

    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        tree.write(
                FILE,
                """
                Ip: Forwarding DefaultTTL InReceives
                Ip: 1 64 6871212
                Tcp: RtoAlgorithm MaxConn CurrEstab InSegs OutSegs RetransSegs InErrs
                Tcp: 1 -1 12 6670002 6593605 70780 273
                Udp: InDatagrams NoPorts
                Udp: 190412 118
                """);
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new TcpCollector(procFs);
    }

    @Override
    public List<Row> rows() {
        return List.of(
                Row.of(FILE, 0), Row.of(FILE, 1), new Row(FILE, 2, ".*"), new Row(FILE, 3, ".*"), Row.of(FILE, 5));
    }
}
