package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static io.tidewatch.testing.store.SampleStoreContract.FLOW;
import static io.tidewatch.testing.store.SampleStoreContract.LEVEL;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.engine.OverflowRing;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import io.tidewatch.store.sqlite.retention.EvictionSteps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No statement reads more than it needs: a scan is one of the few that are meant, and nothing is sorted. */
class QueryPlanTest {
    /** The table and the start of the statement, with the reason why it may be scanned. */
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("series: SELECT id, name, kind", "all series are kept in memory, read once at the start"),
            Map.entry("layout: SELECT id, series", "all layouts, once at the start and when some are removed"),
            Map.entry("sessions: UPDATE sessions SET status = 'failed'", "1,440 rows, once at the start"),
            Map.entry(
                    "sessions: SELECT number, start_time",
                    "1,440 rows, once at the start and at every step of the clock"),
            Map.entry(
                    "sessions USING COVERING INDEX sessions_by_start: DELETE FROM sessions",
                    "1,440 rows, once at the start"),
            Map.entry("quarantine: SELECT count(*)", "once at the start; only what the server rejects"),
            Map.entry("CONSTANT ROW: SELECT max(", "once at the start"),
            Map.entry(
                    "acknowledged: SELECT first_seq",
                    "the chunks of ten minutes or the last 1,000, when they are sent again"),
            Map.entry(
                    "acknowledged: SELECT 1 FROM", "the same, every ten minutes while the clock is not to be trusted"),
            Map.entry(
                    "p USING COVERING INDEX pass_by_time: SELECT total(numbers)",
                    "15 bytes of each pass, once at the start and at every step of the clock"));

    @TempDir
    Path folder;

    @Test
    void onlyWhatIsMeantScans() throws Exception {
        Path file = folder.resolve("metrics.db");
        Set<String> statements = statementsOfALife(file);
        List<String> scans = new ArrayList<>();
        List<String> plans = new ArrayList<>();
        try (Connection connection = Connections.open(file, true);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try (ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
                    while (plan.next()) {
                        String detail = plan.getString("detail");
                        plans.add(detail);
                        if (detail.startsWith("SCAN")) {
                            scans.add(detail.substring("SCAN ".length()) + ": " + sql);
                        }
                    }
                }
            }
            assertThat(plans).anyMatch(plan -> plan.startsWith("SEARCH pass USING COVERING INDEX pass_by_time"));
            assertThat(plans).noneMatch(plan -> plan.contains("TEMP B-TREE"));
            assertThat(scans).allMatch(scan -> MEANT.keySet().stream().anyMatch(scan::startsWith));
            assertThat(MEANT.keySet())
                    .as("nothing is excused that does not happen")
                    .allMatch(meant -> scans.stream().anyMatch(scan -> scan.startsWith(meant)));
            assertThat(statement
                            .executeQuery("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")
                            .getInt(1))
                    .as("tables that ANALYZE makes")
                    .isZero();
        }
    }

    /** With the series outside, each of them would decode every pass: 1,000 series of one name took minutes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "metric_name = 'flow'",
                "metric_name = 'flow' AND tags = '{}'",
                "metric_name = 'flow' AND device_id IS NOT NULL ORDER BY timestamp_ms",
                "timestamp_ms BETWEEN 0 AND 1000 AND metric_name IN ('flow', 'level')",
                "session_id = 'x' AND uploaded = 0",
            })
    void viewDecodesEachPassOnce(String where) throws Exception {
        try (SqliteStore store = TestStores.open(folder.resolve("metrics.db"), Clock.fixed(NOW, ZoneOffset.UTC));
                Statement statement = store.database().connection().createStatement();
                ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN SELECT * FROM metrics WHERE " + where)) {
            List<String> tables = new ArrayList<>();
            while (plan.next()) {
                String detail = plan.getString("detail");
                if (plan.getInt("parent") == 0 && detail.startsWith("S")) {
                    tables.add(detail);
                }
            }
            assertThat(tables).hasSizeGreaterThanOrEqualTo(4);
            assertThat(tables.get(0)).matches("(SCAN|SEARCH) p.*");
            assertThat(tables.get(1)).startsWith("SEARCH l USING INTEGER PRIMARY KEY");
            assertThat(tables.get(2)).startsWith("SCAN v VIRTUAL TABLE");
            assertThat(tables.get(3)).startsWith("SEARCH r USING INTEGER PRIMARY KEY");
            assertThat(tables.get(0))
                    .startsWith(where.contains("BETWEEN") ? "SEARCH p USING INDEX pass_by_time" : "SCAN p");
        }
    }

    /** Has a store do whatever it can do; returns the statements that it has run, which are all that there are. */
    private Set<String> statementsOfALife(Path file) throws Exception {
        Files.writeString(folder.resolve("boot_id"), "b1");
        Files.writeString(folder.resolve("uptime"), "200000.00 1.00");
        TestStores.open(file, Clock.fixed(NOW.minus(Duration.ofDays(2)), ZoneOffset.UTC))
                .close();
        StorePlace place = TestStores.place(file);
        SqliteStore first = StoreOpening.open(place, TestStores.SETTINGS, Clock.fixed(NOW, ZoneOffset.UTC));
        first.close();
        SqliteStore store = StoreOpening.open(place, TestStores.SETTINGS, Clock.fixed(NOW, ZoneOffset.UTC));
        fill(store);
        store.bounds().pass();
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 4_000)).orElseThrow();
        store.complete(delivery, rejectingOne(delivery));
        store.resend(DESTINATION, NOW.minusSeconds(1));
        delivery = store.next(DeliveryQuery.everything(DESTINATION, 4_000)).orElseThrow();
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        store.note("key", "value");
        store.note("key");
        store.shift(NOW, NOW.plusMillis(4_500), Duration.ofMillis(100));
        store.continueClock();
        store.clockSet(NOW.plusMillis(1), Duration.ofHours(1));
        store.clockConfirmed();
        store.append(batch(NOW, Priority.LOW, LEVEL.sample(1), FLOW.sample(1, "p1")));
        store.append(batch(NOW, Priority.HIGH, FLOW.sample(1, "p1")));
        store.probe();
        EvictionSteps steps = store.bounds().steps();
        steps.historyStep(Reason.MAX_SIZE_DELIVERED, Millis.END, 20_000);
        steps.pendingStep(Reason.MAX_SIZE_PENDING, new boolean[] {true, true, true, true}, 0, Millis.END, 20_000);
        steps.removeUnusedSeries();
        steps.allow(10);
        steps.giveBack(1_000_000);
        store.database().rollback();
        store.database().checkpoint(true);
        store.close();
        Set<String> statements = new LinkedHashSet<>(first.database().statementTexts());
        statements.addAll(store.database().statementTexts());
        assertThat(statements).as("a new statement is run here, too").hasSize(60);
        return statements;
    }

    /** The first sample is rejected, the second stays pending, of the others each series is a chunk. */
    private static DeliveryOutcome rejectingOne(Delivery delivery) {
        List<DeliveryOutcome.Acknowledgement> chunks = new ArrayList<>();
        SeriesSamples first = delivery.series().get(0);
        for (SeriesSamples samples : delivery.series()) {
            Slice slice = new Slice(samples, samples == first ? 2 : 0, samples.size());
            chunks.add(new DeliveryOutcome.Acknowledgement(chunks.size(), NOW, List.of(slice)));
        }
        return new DeliveryOutcome(chunks, List.of(new DeliveryOutcome.Rejection(new Slice(first, 0, 1), "bad")));
    }

    private static void fill(SqliteStore store) throws Exception {
        List<OverflowRing.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Instant time = NOW.plusMillis(i);
            entries.add(new OverflowRing.Entry(
                    batch(time, Priority.ofLevel(i % 4), LEVEL.sample(i), FLOW.sample(i, "p" + i % 500)), time));
        }
        store.write(entries);
    }
}
