package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.ScriptedReceiver;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shipped agent on a machine whose kernel files a test makes: with every collector at a short interval, and a receiver
 * that remembers what was delivered. The clock of the machine that the test runs on, and its file systems, are the only
 * things that the agent sees of it.
 */
final class MachineRun implements AutoCloseable {
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final String INTERVAL = "250ms";
    private static final int PASSES_BEFORE = 2;

    /** Asks the kernel, not a file: what it reports is of the machine that the test runs on. */
    private static final String CLOCK = "tidewatch.collector.clock";

    /**
     * A pass that began before the change, one that sees it (and may skip what went back), one that reports all of it; and
     * one to spare, in which nothing happens any more.
     */
    private static final int PASSES_AFTER = 4;

    /** How the machine changes under the agent. */
    @FunctionalInterface
    interface Change {
        void happen() throws IOException;
    }

    private final Path tree;
    private final AgentProcess agent;
    private final ScriptedReceiver receiver;
    private final SortedMap<String, Map<String, String>> collectors = new TreeMap<>();

    /** @param name tells the folder of this run from those of others */
    MachineRun(String name) throws IOException {
        Path folder = AgentProcess.workFolder("golden-" + name);
        tree = Files.createDirectories(folder.resolve("machine"));
        receiver = ScriptedReceiver.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", "golden"))
                .configure(
                        "tidewatch.procfs",
                        Map.of(
                                "procfs.root", tree.resolve("proc").toString(),
                                "sysfs.root", tree.resolve("sys").toString(),
                                "rootfs.root", tree.resolve("root").toString()))
                .configure("tidewatch.clockskew", Map.of("enabled", "false"))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of("url", receiver.url().toString(), "upload.interval", "1s"));
        for (String collector : AgentProcess.shippedCollectors()) {
            collectors.put(collector, new TreeMap<>(Map.of("interval", INTERVAL)));
        }
        for (String collector : AgentProcess.ownCollectors()) {
            collectors.remove(collector);
            agent.configure("tidewatch.collector." + collector, Map.of("enabled", "false"));
        }
    }

    /** Where the machine's files go: proc, sys, and below root the file systems that it has mounted. */
    Path tree() {
        return tree;
    }

    /**
     * Makes a folder of each mount point, so that it can be asked for its size: that of the disk the tests run on. Do it
     * before the agent sees the mounts.
     *
     * @param machine a tree that names them, not necessarily the one that the agent sees
     */
    void makeMountPoints(Path machine) throws IOException {
        for (String line : Files.readAllLines(machine.resolve("proc/1/mounts"))) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 1) {
                String mountPoint = ESCAPED.matcher(fields[1])
                        .replaceAll(octal -> String.valueOf((char) Integer.parseInt(octal.group(1), 8)));
                Files.createDirectories(tree.resolve("root").resolve(mountPoint.substring(1)));
            }
        }
    }

    /** Takes the files of a profile into the configuration, all but the intervals and the clock collector. */
    MachineRun withProfile(String profile) throws IOException {
        for (Path file :
                files(AgentProcess.distribution().resolve("config/examples").resolve(profile), ".cfg")) {
            String pid = file.getFileName().toString().replaceFirst("\\.cfg$", "");
            if (pid.equals(CLOCK)) {
                continue;
            }
            Properties values = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                values.load(reader);
            }
            Map<String, String> collector = collectors.computeIfAbsent(
                    pid.substring(pid.lastIndexOf('.') + 1), name -> new TreeMap<>(Map.of("interval", INTERVAL)));
            values.stringPropertyNames().stream()
                    .filter(key -> !key.equals("interval"))
                    .forEach(key -> collector.put(key, values.getProperty(key)));
        }
        return this;
    }

    /** Sets one more key of a collector, such as the path of a program on this machine. */
    MachineRun with(String collector, String key, String value) {
        collectors.get(collector).put(key, value);
        return this;
    }

    /**
     * Lets the agent see the machine, then the changed machine, and stops it when all is delivered.
     *
     * @return what health said of the collectors before and after the change, and the history of each series
     */
    List<String> observe(Change change) throws Exception {
        configureCollectors(Map.of());
        CollectorPasses passes = new CollectorPasses(agent, collectors.keySet());
        agent.start();
        passes.await(PASSES_BEFORE);
        List<String> report = new ArrayList<>();
        report.add("# Health");
        report.addAll(healthOfCollectors());

        change.happen();
        passes.await(PASSES_AFTER);
        report.add("# Health after the change");
        report.addAll(healthOfCollectors());

        deliverEverything();
        assertThat(agent.stop()).as("exit code on SIGTERM").isZero();
        report.add("# Series, with what they were in the order of time");
        report.addAll(new SeriesHistories(receiver.samples(), DocumentedMetrics.read()).lines());
        return report;
    }

    /** What the agent printed. */
    String output() {
        return agent.output();
    }

    @Override
    public void close() throws Exception {
        agent.close();
        receiver.close();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            List<Path> files =
                    paths.filter(path -> path.toString().endsWith(ending)).toList();
            assertThat(files).as("files in " + folder).isNotEmpty();
            return files;
        }
    }

    private void configureCollectors(Map<String, String> also) throws IOException {
        for (Map.Entry<String, Map<String, String>> collector : collectors.entrySet()) {
            Map<String, String> values = new TreeMap<>(collector.getValue());
            values.putAll(also);
            agent.configure("tidewatch.collector." + collector.getKey(), values);
        }
    }

    private List<String> healthOfCollectors() {
        return collectors.keySet().stream()
                .map(collector -> "collector." + collector)
                .map(component -> {
                    var health = agent.component(component);
                    return component + " "
                            + health.path("status").asText() + ": "
                            + health.path("message").asText().replace(tree + "/", "");
                })
                .toList();
    }

    private void deliverEverything() throws IOException {
        configureCollectors(Map.of("enabled", "false"));
        for (String collector : collectors.keySet()) {
            agent.await(collector + " to be off", () -> agent.component("collector." + collector)
                    .path("message")
                    .asText()
                    .contains("off"));
        }
        agent.await(
                "everything to be delivered",
                () -> agent.component("storage")
                                .path("details")
                                .path("pending_count")
                                .asLong(-1)
                        == 0);
    }
}
