package io.tidewatch.itest.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidewatch.itest.outside.SoakSchedule.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a soak has come to: figures, and what is not as it should be. Not safe for use by several threads. */
final class SoakReport {
    private static final Duration WARM_UP = Duration.ofMinutes(5);

    /** A shorter life says nothing about growth. */
    private static final Duration JUDGED_LIFE = Duration.ofMinutes(20);

    private static final double MOST_GROWTH_MB_PER_HOUR = 6;
    private static final long MOST_RESIDENT_KB = 200 << 10;

    /** The limit of the log, and the largest transaction that may come on top of it. */
    private static final long MOST_WAL_BYTES = (64 + 4) << 20;

    /** At 1,000 samples per second, restarts included; three minutes of it took 8 % of a core. */
    private static final double MOST_CPU_PERCENT = 20;

    private static final double LEAST_OF_RATE = 0.9;

    private final SoakPlan plan;
    private final ObjectNode figures = new ObjectMapper().createObjectNode();
    private final Map<SoakSchedule.Kind, Integer> events = new EnumMap<>(SoakSchedule.Kind.class);
    private final List<UsageLog.Entry> entries = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private Duration load = Duration.ZERO;

    SoakReport(SoakPlan plan) {
        this.plan = plan;
        figures.put("seed", plan.seed()).put("rate", plan.rate());
    }

    /** What is not as it should be; empty if all is well. */
    List<String> failures() {
        return failures;
    }

    void fail(String sentence) {
        failures.add(sentence);
    }

    void happened(Event event) {
        events.merge(event.kind(), 1, Integer::sum);
    }

    /** @param took how long there was load */
    void loaded(Duration took) {
        load = took;
        figures.put("load_seconds", took.toSeconds());
    }

    /** @param calls of the disk, which were made to fail */
    void failed(long calls) {
        figures.put("disk_calls_failed", calls);
    }

    /** @param took from the end of the load until nothing was pending */
    void drained(Duration took) {
        figures.put("drained_seconds", took.toMillis() / 1e3);
    }

    void used(UsageLog usage, long bytesSent) {
        entries.addAll(usage.entries());
        List<UsageLog.Entry> life = usage.longestLife(WARM_UP);
        long resident = usage.most(entry -> entry.usage().residentKb());
        long wal = usage.most(UsageLog.Entry::walBytes);
        double cpuPercent = 100 * usage.cpuSeconds() / load.toSeconds();
        figures.put("resident_most_kb", resident)
                .put("anonymous_most_kb", usage.most(entry -> entry.usage().anonymousKb()))
                .put("wal_most_bytes", wal)
                .put(
                        "machine_load_mean",
                        entries.stream()
                                .mapToDouble(UsageLog.Entry::machineLoad)
                                .average()
                                .orElse(0))
                .put("cpu_seconds", usage.cpuSeconds())
                .put("cpu_percent_of_a_core", cpuPercent)
                .put("bytes_sent", bytesSent);
        if (resident > MOST_RESIDENT_KB) {
            fail(resident + " kB resident, more than " + MOST_RESIDENT_KB);
        }
        if (wal > MOST_WAL_BYTES) {
            fail("a write-ahead log of " + wal + " bytes, more than " + MOST_WAL_BYTES);
        }
        if (cpuPercent > MOST_CPU_PERCENT) {
            fail(String.format(Locale.ROOT, "%.1f %% of a core, more than %.0f %%", cpuPercent, MOST_CPU_PERCENT));
        }
        if (!life.isEmpty()) {
            judgeGrowth(life);
        }
    }

    private void judgeGrowth(List<UsageLog.Entry> life) {
        UsageLog.Entry first = life.get(0);
        UsageLog.Entry last = life.get(life.size() - 1);
        double seconds = last.seconds() - first.seconds();
        double anonymous = UsageLog.growth(life, entry -> entry.usage().anonymousKb());
        figures.put("judged_seconds", Math.round(seconds))
                .put("resident_growth_mb_per_hour", UsageLog.growth(life, entry -> entry.usage()
                        .residentKb()))
                .put("anonymous_growth_mb_per_hour", anonymous);
        if (seconds >= JUDGED_LIFE.toSeconds() && anonymous > MOST_GROWTH_MB_PER_HOUR) {
            fail(String.format(
                    Locale.ROOT,
                    "anonymous memory grows by %.1f MB per hour, more than %.1f",
                    anonymous,
                    MOST_GROWTH_MB_PER_HOUR));
        }
    }

    void compared(long passes, SoakVerification verification) {
        long most = load.toSeconds();
        figures.put("passes_made", passes)
                .put("passes_stored", verification.storedPasses())
                .put("samples_at_server", verification.atServer())
                .put("samples_merged_by_server", verification.repeated())
                .put("longest_gap_ms", verification.longestGapMillis());
        verification.differences().forEach(this::fail);
        if (plan.complete() && passes < most * LEAST_OF_RATE) {
            fail("only " + passes + " passes in " + most + " s: the machine was too slow for this load");
        }
    }

    /** @param databaseBytes size of the database behind a stop, which leaves no write-ahead log */
    void stopped(long databaseBytes) {
        figures.put("database_bytes", databaseBytes);
    }

    /** @param uploader details of its health */
    void tellOfAgent(JsonNode uploader) {
        for (String detail : List.of("uploaded_total", "resent_total", "rejected_total", "failures_total")) {
            figures.put(detail + "_since_last_start", uploader.path(detail).asLong());
        }
        if (uploader.path("rejected_total").asLong() > 0) {
            fail("samples were quarantined: " + uploader);
        }
    }

    /** For people. */
    String text() {
        StringBuilder text = new StringBuilder("| soak with seed " + plan.seed() + " | |\n|---|---|\n");
        figures.properties()
                .forEach(figure -> text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s |%n",
                        figure.getKey(),
                        figure.getValue().isDouble()
                                ? String.format(
                                        Locale.ROOT, "%.2f", figure.getValue().asDouble())
                                : figure.getValue().asText())));
        text.append("| events | ").append(events).append(" |\n");
        failures.forEach(failure -> text.append("FAILED: ").append(failure).append('\n'));
        return text.toString();
    }

    /** For programs, with every look at the agent. */
    String json() throws IOException {
        ObjectNode all = figures.deepCopy();
        ObjectNode counts = all.putObject("events");
        events.forEach((kind, count) -> counts.put(kind.name(), count));
        ArrayNode failed = all.putArray("failures");
        failures.forEach(failed::add);
        ArrayNode looks = all.putArray("usage");
        for (UsageLog.Entry entry : entries) {
            looks.addObject()
                    .put("seconds", entry.seconds())
                    .put("pid", entry.pid())
                    .put("resident_kb", entry.usage().residentKb())
                    .put("proportional_kb", entry.usage().proportionalKb())
                    .put("anonymous_kb", entry.usage().anonymousKb())
                    .put("cpu_seconds", entry.usage().cpuSeconds())
                    .put("database_bytes", entry.databaseBytes())
                    .put("wal_bytes", entry.walBytes())
                    .put("machine_load", entry.machineLoad());
        }
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }
}
