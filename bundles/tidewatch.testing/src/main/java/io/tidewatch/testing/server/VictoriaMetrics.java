package io.tidewatch.testing.server;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A real VictoriaMetrics on a free port of 127.0.0.1, with its data in a folder of its own that goes with it.
 * Duplicates are merged ({@code -dedup.minScrapeInterval=1ms}), as every configuration of ours does. Not safe for use
 * by several threads.
 */
public final class VictoriaMetrics implements AutoCloseable {
    private final ServerProcess process;

    private VictoriaMetrics(ServerProcess process) {
        this.process = process;
    }

    /** Starts one with more flags, and waits until it answers. Tests fail where it is not installed. */
    public static VictoriaMetrics start(String... options) throws IOException {
        Path folder = Files.createTempDirectory("victoria-metrics");
        int port = FreePort.next();
        List<String> command = new ArrayList<>(List.of(
                "victoria-metrics",
                "-httpListenAddr=127.0.0.1:" + port,
                "-storageDataPath=" + folder.resolve("data"),
                "-dedup.minScrapeInterval=1ms",
                "-search.latencyOffset=0s",
                "-retentionPeriod=100y",
                "-memory.allowedBytes=64MB",
                "-loggerLevel=WARN"));
        command.addAll(List.of(options));
        VictoriaMetrics started = new VictoriaMetrics(new ServerProcess(folder, port, command));
        try {
            started.process.start();
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
        return started;
    }

    /** Root of the server, without a slash at its end. */
    public URI url() {
        return process.url("");
    }

    public URI importUrl() {
        return url().resolve("/api/v1/import");
    }

    /** SIGKILL: what was acknowledged in the last seconds is lost. */
    public void kill() {
        process.end(true);
    }

    /** SIGTERM: nothing is lost. */
    public void stop() {
        process.end(false);
    }

    /** Starts the server again after {@link #kill} or {@link #stop}, or stops it first; same port, same data. */
    public void restart() throws IOException {
        stop();
        process.start();
    }

    /**
     * Makes everything that was acknowledged visible to {@link #export}. It may still be only in memory: a {@link #kill}
     * in the next seconds loses it.
     */
    public void flush() throws IOException {
        get("/internal/force_flush");
    }

    /** Writes everything that was acknowledged to the server's files, so that a {@link #kill} does not lose it. */
    public void persist() throws IOException {
        // A forced flush stops at parts in memory (1.79.5); a snapshot is made of files.
        get("/snapshot/create");
        get("/snapshot/delete_all");
    }

    /**
     * All samples of the series that a selector names, such as {@code {device_id="rig-2"}}: by labels, {@code
     * __name__} among them, values by milliseconds since the epoch.
     */
    public Map<SortedMap<String, String>, SortedMap<Long, Double>> export(String selector) throws IOException {
        // The default time range ends at the present. To the year 2100: with a later end version 1.151 exports nothing.
        // Without reduce_mem_usage=1: with it version 1.79 now and then gives blocks of one series the labels of
        // another.
        String query = "?start=0&end=4102444800&match[]=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        Map<SortedMap<String, String>, SortedMap<Long, Double>> series = new LinkedHashMap<>();
        for (ReceivedSample sample : ImportLines.decode(get("/api/v1/export" + query))) {
            series.computeIfAbsent(sample.labels(), labels -> new TreeMap<>()).put(sample.timestamp(), sample.value());
        }
        return series;
    }

    public byte[] get(String path) throws IOException {
        return process.get(path.replace("[]", "%5B%5D"));
    }

    @Override
    public void close() throws IOException {
        process.remove();
    }
}
