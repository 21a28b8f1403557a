package io.tidewatch.itest.rivals;

import io.tidewatch.itest.outside.AgentProcess;
import io.tidewatch.testing.server.ThrottledLink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The built distribution with its class archive, as the package runs it. Its configuration is the default but for the
 * interval of the collectors of the machine, which all get that of the others.
 */
final class TidewatchRival implements Rival {
    private static final String DEVICE = "bench";
    private static final List<String> COLLECTORS = List.of(
            "accelerator",
            "cgroup",
            "cpu",
            "cpufreq",
            "disk",
            "filesystem",
            "load",
            "memory",
            "mmc",
            "network",
            "pressure",
            "sensors",
            "tcp",
            "thermal",
            "uptime");

    private final ThrottledLink link;
    private final AgentProcess agent;
    private final Path archive;
    private final String version;
    private final long javaKb;

    /**
     * Makes the class archive.
     *
     * @param java the Java that runs it, not the one of this process: they would share memory
     * @param javaKb what Java takes on the disk; 0 if that is not known
     */
    TidewatchRival(Path folder, URI server, int interval, String version, String java, long javaKb) throws Exception {
        link = new ThrottledLink(server, Long.MAX_VALUE);
        agent = new AgentProcess(AgentProcess.distribution(), folder);
        archive = folder.resolve("state/classes.jsa");
        this.version = version;
        this.javaKb = javaKb;
        agent.variable("JAVA_HOME", java);
        agent.configure("tidewatch.device", Map.of("id", DEVICE));
        agent.configure(
                "tidewatch.uploader.victoriametrics",
                Map.of("url", link.url("/api/v1/import").toString()));
        for (String collector : COLLECTORS) {
            agent.configure("tidewatch.collector." + collector, Map.of("interval", interval + "s"));
        }
        agent.archived();
    }

    @Override
    public String name() {
        return "tidewatch";
    }

    @Override
    public List<String> programs() {
        return List.of("tidewatch " + version);
    }

    @Override
    public Map<String, Long> installedKb() throws IOException {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("tidewatch", RivalFiles.kilobytes(AgentProcess.distribution()));
        parts.put("class archive", Files.size(archive) / 1024);
        if (javaKb > 0) {
            parts.put("Java", javaKb);
        }
        return parts;
    }

    @Override
    public String selector() {
        return "{device_id=\"" + DEVICE + "\"}";
    }

    @Override
    public Pattern source() {
        return Pattern.compile("^([a-z]+)_");
    }

    @Override
    public ThrottledLink link() {
        return link;
    }

    @Override
    public void start() throws IOException {
        agent.start();
    }

    @Override
    public void stop() throws InterruptedException {
        agent.stop();
    }

    @Override
    public List<Process> processes() {
        return List.of(agent.process());
    }

    @Override
    public void close() throws IOException {
        if (agent.process() != null) {
            agent.process().destroyForcibly();
        }
        link.close();
    }
}
