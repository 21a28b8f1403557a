package io.tidewatch.itest.outside;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * Measures memory and database of the shipped agent with more series and after longer outages ({@code ./bench growth}). It
 * runs as the package has it: at its defaults, with the class archive.
 */
final class Growth {
    private static final List<Integer> SERIES = List.of(10, 100, 1000);
    private static final Duration LIVE = Duration.ofMinutes(4);
    private static final Duration CALM = Duration.ofSeconds(60);

    /** As many series every ten seconds as a small computer has at the default intervals, about. */
    private static final int DEFAULT_LOAD = 60;

    private static final int PER_HOUR = 360;
    private static final Map<Integer, String> HOURS = Map.of(0, "none", 1, "1 hour", 24, "1 day", 168, "7 days");
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(10);

    private Growth() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0 || arguments[0].equals("series")) {
            print(
                    "| series | uploads | resident MB | anonymous MB | samples | database KB |\n|---|---|---|---|---|---|\n");
            try (VictoriaMetrics server = VictoriaMetrics.start()) {
                live("off", "");
                live("on", server.importUrl().toString());
            }
        }
        if (arguments.length == 0 || arguments[0].equals("backlog")) {
            print(
                    "| backlog | samples | file MB | serves health after s, processor s | server down: resident (anonymous) MB"
                            + " | draining, at most | took s | after it |\n|---|---|---|---|---|---|---|---|\n");
            for (int hours : HOURS.keySet().stream().sorted().toList()) {
                backlog(hours);
            }
        }
    }

    /** Agents with different numbers of series beside each other. */
    private static void live(String uploads, String url) throws Exception {
        List<AgentProcess> agents = new ArrayList<>();
        try {
            for (int series : SERIES) {
                AgentProcess agent = packaged("growth-" + uploads + "-" + series, url);
                SoakBundle.deploy(agent, series, Duration.ofSeconds(10), agent.folder("journal"));
                agents.add(agent.start());
            }
            List<UsageLog> logs = agents.stream().map(UsageLog::new).toList();
            Thread.sleep(LIVE.toMillis());
            for (int i = 0; i < agents.size(); i++) {
                Memory memory = Memory.of(logs.get(i));
                logs.get(i).close();
                agents.get(i).stop();
                Database database = new Database(agents.get(i).database());
                print(String.format(
                        Locale.ROOT,
                        "| %d and %d of the machine | %s | %.1f | %.1f | %,d | %,d |%n",
                        SERIES.get(i),
                        database.numericSamples().size() - SERIES.get(i),
                        uploads,
                        memory.resident(),
                        memory.anonymous(),
                        database.count(),
                        Files.size(agents.get(i).database()) >> 10));
            }
        } finally {
            for (AgentProcess agent : agents) {
                agent.close();
            }
        }
    }

    private static void backlog(int hours) throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start();
                UnsteadyLink link = new UnsteadyLink(server.url());
                AgentProcess agent = packaged("growth-backlog-" + hours, "")) {
            link.become(UnsteadyLink.State.REFUSED);
            int samples = DEFAULT_LOAD * PER_HOUR * hours;
            agent.configure("tidewatch.device", Map.of("id", "growth"));
            if (hours > 0) {
                Outage.befall(agent, "growth", DEFAULT_LOAD, PER_HOUR * hours);
            }
            deliverTo(agent, link.url("/api/v1/import").toString());
            long begin = System.nanoTime();
            agent.start();
            Awaitility.await("health and the count of what is pending")
                    .atMost(DRAIN_LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> pending(agent) >= samples
                            && agent.get("/health/live").status() == 200);
            double ready = secondsSince(begin);
            double work = ProcessUsage.of(agent.process().pid()).cpuSeconds();
            long file = Files.size(agent.database()) >> 20;
            Memory down = rest(agent);

            link.become(UnsteadyLink.State.CLEAR);
            begin = System.nanoTime();
            UsageLog draining = new UsageLog(agent);
            Awaitility.await("the backlog to drain")
                    .atMost(DRAIN_LIMIT)
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptions()
                    .until(() -> pending(agent) < DEFAULT_LOAD && uploaded(agent) >= samples);
            double drained = secondsSince(begin);
            Memory most = Memory.most(draining);
            draining.close();
            Memory after = rest(agent);
            print(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %d | %.1f, %.1f | %s | %s | %.0f | %s |%n",
                    HOURS.get(hours),
                    samples,
                    file,
                    ready,
                    work,
                    down,
                    most,
                    drained,
                    after));
        }
    }

    /** Memory of an agent that has had time to come to rest. */
    private static Memory rest(AgentProcess agent) throws InterruptedException {
        try (UsageLog log = new UsageLog(agent)) {
            Thread.sleep(CALM.toMillis());
            return Memory.of(log);
        }
    }

    private static AgentProcess packaged(String name, String url) throws Exception {
        AgentProcess agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder(name));
        if (!url.isEmpty()) {
            deliverTo(agent, url);
        }
        return agent.archived();
    }

    private static void deliverTo(AgentProcess agent, String url) throws IOException {
        agent.configure("tidewatch.uploader.victoriametrics", Map.of("url", url));
    }

    private static long pending(AgentProcess agent) {
        return agent.component("storage").path("details").path("pending_count").asLong(-1);
    }

    private static long uploaded(AgentProcess agent) {
        return agent.component("uploader")
                .path("details")
                .path("uploaded_total")
                .asLong(-1);
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void print(String line) {
        System.out.print(line);
    }

    /** In MB. */
    private record Memory(double resident, double anonymous) {
        private static final double KB = 1024;

        /** The median of the second half of a log. */
        static Memory of(UsageLog log) {
            List<ProcessUsage> late = usages(log);
            late = late.subList(late.size() / 2, late.size());
            return new Memory(
                    late.stream().mapToLong(ProcessUsage::residentKb).sorted().toArray()[late.size() / 2] / KB,
                    late.stream().mapToLong(ProcessUsage::anonymousKb).sorted().toArray()[late.size() / 2] / KB);
        }

        /** The largest of each in a log. */
        static Memory most(UsageLog log) {
            return new Memory(
                    log.most(entry -> entry.usage().residentKb()) / KB,
                    log.most(entry -> entry.usage().anonymousKb()) / KB);
        }

        private static List<ProcessUsage> usages(UsageLog log) {
            return log.entries().stream().map(UsageLog.Entry::usage).toList();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f (%.1f)", resident, anonymous);
        }
    }
}
