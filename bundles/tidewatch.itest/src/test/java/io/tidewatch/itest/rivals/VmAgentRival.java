package io.tidewatch.itest.rivals;

import io.tidewatch.testing.server.FreePort;
import io.tidewatch.testing.server.ThrottledLink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** node_exporter, which vmagent scrapes and forwards; both keep their defaults but for the list of collectors. */
final class VmAgentRival implements Rival {
    private static final String EXPORTER = "prometheus-node-exporter";
    private static final String VICTORIA_METRICS = "victoria-metrics";

    /** Those that tidewatch has too; "stat" knows when the machine was booted. */
    private static final List<String> COLLECTORS = List.of(
            "cpu",
            "cpufreq",
            "diskstats",
            "filesystem",
            "loadavg",
            "meminfo",
            "netdev",
            "pressure",
            "stat",
            "thermal_zone");

    private final RivalFiles files;
    private final Path folder;
    private final ThrottledLink link;
    private final Path exporter;
    private final Path agent;
    private final int port = FreePort.next();
    private List<Process> processes = List.of();

    VmAgentRival(RivalFiles files, Path folder, URI server) throws IOException {
        this.files = files;
        this.folder = folder;
        exporter = files.file(EXPORTER, "usr/bin/prometheus-node-exporter");
        agent = files.file(VICTORIA_METRICS, "usr/bin/vmagent");
        link = new ThrottledLink(server, Long.MAX_VALUE);
        files.fillIn("vmagent.yml", Map.of("port", Integer.toString(port)), folder.resolve("vmagent.yml"));
    }

    @Override
    public String name() {
        return "node_exporter + vmagent";
    }

    @Override
    public List<String> programs() throws IOException {
        return List.of("node_exporter " + files.version(EXPORTER), "vmagent " + files.version(VICTORIA_METRICS));
    }

    @Override
    public Map<String, Long> installedKb() throws IOException {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("node_exporter", RivalFiles.kilobytes(exporter));
        parts.put("vmagent", RivalFiles.kilobytes(agent));
        return parts;
    }

    @Override
    public String selector() {
        return "{job=\"bench\"}";
    }

    @Override
    public Pattern source() {
        return Pattern.compile("^node_(cpu|disk|filesystem|load|memory|network|pressure|thermal|boot)|^([a-z]+)_");
    }

    @Override
    public ThrottledLink link() {
        return link;
    }

    @Override
    public void start() throws IOException {
        List<String> export = new ArrayList<>(
                List.of(exporter.toString(), "--web.listen-address=127.0.0.1:" + port, "--collector.disable-defaults"));
        COLLECTORS.forEach(collector -> export.add("--collector." + collector));
        Process exporting = RivalFiles.launch(folder, "node_exporter", Map.of(), export);
        processes = List.of(exporting);
        Process sending = RivalFiles.launch(
                folder,
                "vmagent",
                Map.of(),
                List.of(
                        agent.toString(),
                        "-promscrape.config=" + folder.resolve("vmagent.yml"),
                        "-remoteWrite.url=" + link.url("/api/v1/write"),
                        "-remoteWrite.tmpDataPath=" + folder.resolve("vmagent"),
                        "-httpListenAddr=127.0.0.1:0"));
        processes = List.of(exporting, sending);
    }

    @Override
    public void stop() throws InterruptedException {
        RivalFiles.end(processes);
    }

    @Override
    public List<Process> processes() {
        return processes;
    }

    @Override
    public void close() throws IOException {
        processes.forEach(Process::destroyForcibly);
        link.close();
    }
}
