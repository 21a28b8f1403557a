package io.tidewatch.itest.outside;

import io.tidewatch.itest.outside.SoakSchedule.Event;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Runs the shipped agent under load while server, network, configuration, bundles, token and the agent itself are
 * interfered with, and then compares what was made, what is stored and what the server has ({@code ./bench soak}).
 */
final class Soak {
    private static final String DEVICE = "soak";
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(5);

    private Soak() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("--disk")) {
            int length = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
            int load = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100;
            Path folder = AgentProcess.workFolder("soak-disk");
            finish(run(SoakPlan.withDiskFaults(length, load), folder), folder);
        }
        int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextInt(1_000_000);
        Path folder = AgentProcess.workFolder("soak-long");
        finish(run(SoakPlan.ofMinutes(minutes, rate, seed), folder), folder);
    }

    private static void finish(SoakReport report, Path folder) throws IOException {
        Path json = folder.resolve("soak.json");
        Files.writeString(json, report.json());
        System.out.print(report.text() + "All figures: " + json + "\n");
        System.exit(report.failures().isEmpty() ? 0 : 1);
    }

    /** Runs one, in a folder that is empty. */
    static SoakReport run(SoakPlan plan, Path folder) throws Exception {
        Path journal = folder.resolve("journal");
        Path example = Path.of(System.getProperty("tidewatch.itest.example"));
        try (VictoriaMetrics server = VictoriaMetrics.start();
                TokenGate gate = new TokenGate(server.url(), "");
                UnsteadyLink link = new UnsteadyLink(gate.url());
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure("tidewatch.device", Map.of("id", DEVICE));
            if (plan.complete()) {
                agent.archived();
            }
            Map<String, String> uploader = new TreeMap<>(plan.uploader());
            uploader.put("url", link.url("/api/v1/import").toString());
            SoakFaults faults = new SoakFaults(agent, server, link, gate, uploader, journal, example);
            FaultyDisk disk = plan.diskFaultSeconds() > 0 ? FaultyDisk.of(agent, plan.diskFaultSeconds()) : null;
            SoakBundle.deploy(agent, plan.rate(), INTERVAL, journal);
            agent.start();
            agent.await("the load", () -> SoakCollector.passes(journal) > 0);

            long begin = System.nanoTime();
            SoakReport report = new SoakReport(plan);
            try (UsageLog usage = new UsageLog(agent)) {
                interfere(plan, faults, begin, report);
                report.loaded(Duration.ofNanos(System.nanoTime() - begin));
                if (disk != null) {
                    report.failed(disk.failures());
                    awaitOk(agent, report);
                }
                AllCollectors.turnOff(agent, "soak", "filehandles");
                awaitDelivery(agent, report);
                report.used(usage, link.bytesSent());
                compare(agent, server, plan, journal, faults, report);
                report.tellOfAgent(agent.component("uploader").path("details"));
            }
            if (agent.stop() != 0) {
                report.fail("The agent did not stop in order");
            }
            report.stopped(Files.size(agent.database()));
            return report;
        }
    }

    private static void interfere(SoakPlan plan, SoakFaults faults, long begin, SoakReport report) throws Exception {
        for (Event event : SoakSchedule.of(plan)) {
            waitUntil(begin, event.at());
            long seconds = (System.nanoTime() - begin) / 1_000_000_000L;
            say(String.format(
                    Locale.ROOT,
                    "%5d s  %s for %.1f s",
                    seconds,
                    event.kind(),
                    event.lasts().toMillis() / 1e3));
            faults.befall(event);
            report.happened(event);
        }
        waitUntil(begin, plan.duration());
    }

    private static void awaitDelivery(AgentProcess agent, SoakReport report) {
        long begin = System.nanoTime();
        try {
            Awaitility.await("everything to be delivered")
                    .atMost(DELIVERY_LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .until(() -> agent.component("storage")
                                    .path("details")
                                    .path("pending_count")
                                    .asLong(-1)
                            == 0);
        } catch (ConditionTimeoutException e) {
            report.fail("Not everything was delivered within " + DELIVERY_LIMIT + "; health says "
                    + agent.component("storage") + " " + agent.component("uploader"));
        }
        report.drained(Duration.ofNanos(System.nanoTime() - begin));
    }

    private static void awaitOk(AgentProcess agent, SoakReport report) {
        try {
            Awaitility.await("health to be ok")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .until(() ->
                            agent.component("storage").path("status").asText().equals("ok"));
        } catch (ConditionTimeoutException e) {
            report.fail("The store is not ok: " + agent.component("storage"));
        }
    }

    private static void compare(
            AgentProcess agent,
            VictoriaMetrics server,
            SoakPlan plan,
            Path journal,
            SoakFaults faults,
            SoakReport report)
            throws Exception {
        server.flush();
        SoakVerification verification = new SoakVerification(new Database(agent.database()), plan.rate());
        long passes = SoakCollector.passes(journal);
        verification.compareStore(passes, faults.lastBeforeKill());
        verification.compareServer(server, DEVICE);
        report.compared(passes, verification);
    }

    private static void waitUntil(long begin, Duration at) throws InterruptedException {
        long left = begin + at.toNanos() - System.nanoTime();
        if (left > 0) {
            Thread.sleep(left / 1_000_000);
        }
    }

    private static void say(String line) {
        System.out.print("soak: " + line + "\n");
    }
}
