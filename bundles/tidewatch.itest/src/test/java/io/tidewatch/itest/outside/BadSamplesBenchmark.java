package io.tidewatch.itest.outside;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.sqlite.JDBC;

/**
 * Measures what ten thousand samples cost that the server refuses, of 500 series, among a million that it accepts: requests
 * and time, of the shipped agent ({@code ./bench uplink bad}). It fails if one good sample is missing at
 * the end, or one bad one is not quarantined.
 */
final class BadSamplesBenchmark {
    private static final String DEVICE = "bad";
    private static final int SERIES = 1000;
    private static final int INSTANTS = 1010;
    private static final int BAD_SERIES = 500;
    private static final int BAD_PER_SERIES = 20;
    private static final long INTERVAL_MS = 10_000;

    /** By number of series times {@link #INSTANTS} and of the instant. */
    private final BitSet bad = new BitSet(SERIES * INSTANTS);

    private final BitSet arrived = new BitSet(SERIES * INSTANTS);
    private long requests;
    private long refused;
    private long bytes;

    /** Of the first sample; the others follow every ten seconds. */
    private long begin;

    private BadSamplesBenchmark() {
        Random random = new Random(17);
        for (int series = 0; series < BAD_SERIES; series++) {
            for (int left = BAD_PER_SERIES; left > 0; ) {
                int at = series * 2 * INSTANTS + random.nextInt(INSTANTS);
                left -= bad.get(at) ? 0 : 1;
                bad.set(at);
            }
        }
    }

    static void run() throws Exception {
        new BadSamplesBenchmark().measure();
    }

    private void measure() throws Exception {
        // Else each answer waits for a delayed acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Path folder = AgentProcess.workFolder("bad-samples");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/import", this::receive);
        server.start();
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure("tidewatch.device", Map.of("id", DEVICE));
            Outage.befall(agent, DEVICE, SERIES, INSTANTS);
            begin = number(agent.database(), "SELECT min(timestamp_ms) FROM metrics WHERE metric_name = 'bench.value'");
            agent.configure(
                    "tidewatch.uploader.victoriametrics",
                    Map.of("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/import"));
            agent.archived();
            long start = System.nanoTime();
            agent.start();
            List<Double> goodArrived = new ArrayList<>();
            agent.await("all bad samples to be found", Duration.ofMinutes(60), () -> {
                if (goodArrived.isEmpty() && missing() == 0) {
                    goodArrived.add(seconds(start));
                }
                return agent.component("uploader")
                                .path("details")
                                .path("rejected_total")
                                .asLong()
                        == bad.cardinality();
            });
            double all = seconds(start);
            long most = ProcessUsage.mostResidentKb(agent.process().pid());
            agent.stop();
            long quarantined = number(agent.database(), "SELECT count(*) FROM quarantine");
            System.out.printf(
                    Locale.ROOT,
                    "| good samples | arrived after s | quarantined | after s | requests | refused | bytes of bodies"
                            + " | most resident MB |%n|---|---|---|---|---|---|---|---|%n"
                            + "| %,d | %s | %,d | %.0f | %,d | %,d | %,d | %.1f |%n",
                    SERIES * INSTANTS - bad.cardinality(),
                    goodArrived.isEmpty() ? "?" : String.format(Locale.ROOT, "%.0f", goodArrived.get(0)),
                    quarantined,
                    all,
                    requests,
                    refused,
                    bytes,
                    most / 1024.0);
            if (missing() > 0 || quarantined != bad.cardinality()) {
                throw new IllegalStateException(missing() + " good samples are missing, " + quarantined + " of "
                        + bad.cardinality() + " bad ones are quarantined");
            }
        } finally {
            server.stop(0);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        List<ReceivedSample> samples = ImportLines.decodeGzip(body);
        boolean accepted;
        synchronized (this) {
            accepted = samples.stream().noneMatch(sample -> isBench(sample) && bad.get(index(sample)));
            requests++;
            bytes += body.length;
            refused += accepted ? 0 : 1;
            if (accepted) {
                samples.stream().filter(BadSamplesBenchmark::isBench).forEach(sample -> arrived.set(index(sample)));
            }
        }
        exchange.getResponseHeaders().set("X-Server-Hostname", "bench");
        byte[] answer = accepted ? new byte[0] : "cannot parse the value".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(accepted ? 204 : 400, accepted ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static boolean isBench(ReceivedSample sample) {
        return sample.name().equals("bench_value");
    }

    private int index(ReceivedSample sample) {
        int series = Integer.parseInt(sample.labels().get("n"));
        return series * INSTANTS + (int) ((sample.timestamp() - begin) / INTERVAL_MS);
    }

    private synchronized int missing() {
        return SERIES * INSTANTS - bad.cardinality() - arrived.cardinality();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static long number(Path database, String sql) throws Exception {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + database, new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.getLong(1);
        }
    }
}
