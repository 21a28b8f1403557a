package io.tidewatch.command;

import com.sun.net.httpserver.HttpServer;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.store.sqlite.WrittenDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A set-up with an agent and a server in which nothing is wrong, until somebody breaks it. */
public final class DoctorRig implements AutoCloseable {
    public final Path folder;
    public final CommandRun command;
    public final Map<String, String> uploader = new HashMap<>();
    public final Map<String, String> store = new HashMap<>();

    /** What the server answers to an import. */
    public int status = 204;

    public String answer = "";
    public String contentType = "text/plain";

    /** What its page of metrics says. */
    public String metrics = PAGE + "flag{name=\"dedup.minScrapeInterval\", value=\"1ms\", is_set=\"true\"} 1\n";

    /** Whether it answers with the header of VictoriaMetrics. */
    public boolean identified = true;

    /** The beginning of every page of a server. */
    public static final String PAGE =
            """
            vm_app_start_timestamp 1700000000
            vm_app_uptime_seconds 5000
            flag{name="retentionPeriod", value="1y"} 1
            """;

    private final HttpServer server;
    public HealthPage agent = HealthPage.ok();

    public DoctorRig(Path folder) throws Exception {
        this.folder = folder;
        command = new CommandRun(folder);
        // The machine that runs the tests may be an encoder.
        System.setProperty("tidewatch.root", folder.resolve("root").toString());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve();
        CheckStandIn.installIn(folder.resolve("home"));
        try (WrittenDatabase database = new WrittenDatabase(database(), Clock.systemUTC())) {
            Metric metric = new Metric("load.1m", Kind.GAUGE, Unit.NONE, "load", List.of("core"));
            database.append(
                    Clock.systemUTC().instant(),
                    IntStream.range(0, 2_000)
                            .mapToObj(i -> metric.sample(i, String.valueOf(i)))
                            .toArray(Sample[]::new));
        }
        Files.deleteIfExists(folder.resolve("state/boot_id"));
        Files.setPosixFilePermissions(
                Files.writeString(token(), "s3cret"), PosixFilePermissions.fromString("rw-------"));
        uploader.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/import");
        uploader.put("token.file", token().toString());
    }

    public Path database() {
        return folder.resolve("state/metrics.db");
    }

    public Path token() {
        return folder.resolve("token");
    }

    /** Runs the doctor on all of it. */
    public CommandRun.Ended examine() throws Exception {
        command.configure("tidewatch.health", Map.of("address", agent.address()))
                .configure("tidewatch.uploader.victoriametrics", uploader)
                .configure("tidewatch.store.sqlite", store);
        return command.run("doctor");
    }

    @Override
    public void close() throws IOException {
        System.clearProperty("tidewatch.root");
        server.stop(0);
        agent.close();
        if (Files.exists(folder.resolve("state"))) {
            Files.setPosixFilePermissions(folder.resolve("state"), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private void serve() {
        server.createContext("/api/v1/import", exchange -> {
            try (InputStream body = exchange.getRequestBody()) {
                body.readAllBytes();
            }
            boolean known = "Bearer s3cret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("Content-Type", contentType);
            if (identified) {
                exchange.getResponseHeaders().set("X-Server-Hostname", "vm");
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? status : 401, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.createContext("/metrics", exchange -> {
            byte[] bytes = metrics.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.start();
    }
}
