package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Killing the process with -9 loses nothing whose append returned. */
class CrashTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Metric METRIC = Metric.gauge("crash.value", Unit.NONE, "A value", "n");
    private static final int SERIES = 5;
    private static final int ACKNOWLEDGED = 500;

    @Test
    @Timeout(120)
    void keepsEverythingThatWasAppended(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("metrics.db");
        Path told = folder.resolve("told");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashTest.class.getName(),
                        file.toString())
                .redirectOutput(told.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged(told).size() >= ACKNOWLEDGED);
        } finally {
            // On Linux this is SIGKILL.
            child.destroyForcibly();
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<Long> acknowledged = acknowledged(told);

        try (SqliteStore store = TestStores.open(file, Clock.fixed(NOW, ZoneOffset.UTC))) {
            try (Statement statement = store.database().connection().createStatement()) {
                assertThat(text(statement, "PRAGMA integrity_check")).isEqualTo("ok");
                assertThat(text(
                                statement,
                                "SELECT group_concat(status) FROM (SELECT status FROM sessions ORDER BY status DESC)"))
                        .isEqualTo("failed,active");
            }
            long pending = store.status().pendingSamples();
            Delivery delivery =
                    store.next(DeliveryQuery.everything(Integer.MAX_VALUE)).orElseThrow();
            assertThat((long) delivery.size()).isEqualTo(pending);
            assertThat(delivery.series()).hasSize(SERIES);
            for (SeriesSamples samples : delivery.series()) {
                List<Long> times = new ArrayList<>();
                for (int i = 0; i < samples.size(); i++) {
                    times.add(samples.timestamp(i));
                }
                assertThat(times).doesNotHaveDuplicates().containsAll(acknowledged);
                assertThat(times.size())
                        .as("at most the append that was under way besides")
                        .isLessThanOrEqualTo(acknowledged.size() + 1);
            }
        }
    }

    /** The child: appends for ever and prints what it was told is kept. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        SqliteStore store = TestStores.open(Path.of(arguments[0]), Clock.fixed(NOW, ZoneOffset.UTC));
        for (int i = 0; ; i++) {
            Instant time = NOW.plusMillis(i);
            store.append(new SampleBatch(
                    time,
                    "rig",
                    new TreeMap<>(),
                    Priority.NORMAL,
                    List.of(
                            METRIC.sample(i, "0"),
                            METRIC.sample(i, "1"),
                            METRIC.sample(i, "2"),
                            METRIC.sample(i, "3"),
                            METRIC.sample(i, "4"))));
            out.println(time.toEpochMilli());
        }
    }

    /** The whole lines that the child wrote. */
    private static List<Long> acknowledged(Path told) throws IOException {
        String text = Files.readString(told);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Long::parseLong)
                .toList();
    }

    private static String text(Statement statement, String sql) throws Exception {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
