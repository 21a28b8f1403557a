package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows that no store writes, in pages that SQLite finds sound: the store opens after all, keeps every sample that has a
 * series, and works on.
 */
class ContentDamageTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric LEVEL = Metric.gauge("test.level_bytes", Unit.BYTES, "A level", "n");
    private static final int SAMPLES = 50;
    private static final String HUGE = "9223372036854775807";

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE series SET tags = substr(tags, 1, 5)",
                "UPDATE series SET tags = ''",
                "UPDATE series SET tags = '[1]'",
                "UPDATE series SET tags = '{\"n\":\"1\"} and more'",
                "UPDATE series SET unit = 'PARSECS'",
                "UPDATE series SET kind = 'GAUG'",
                "UPDATE series SET kind = 'TEXT'",
                "UPDATE series SET id = 2000000000; UPDATE layout SET series = '[2000000000]'",
                "UPDATE series SET id = 3000000000; UPDATE layout SET series = '[3000000000]'",
                "UPDATE series SET id = -1; UPDATE layout SET series = '[-1]'",
                "UPDATE series SET key = x'00'",
                "UPDATE sessions SET metadata = substr(metadata, 1, 8)",
                "UPDATE sessions SET metadata = ''",
                "INSERT INTO delivered VALUES ('victoriametrics', 2, -5, -1)",
                "INSERT INTO delivered VALUES ('victoriametrics', 2, 9, 3)",
                "INSERT INTO delivered VALUES ('victoriametrics', 9, 0, 1)",
                "INSERT INTO delivered VALUES ('another', 2, 0, 1000)",
                "INSERT INTO quarantine VALUES (77, 3, 'bad', 0)",
                "INSERT INTO quarantine VALUES (1, -3, 'bad', 0)",
                "INSERT INTO quarantine VALUES (1, 9000, 'bad', 0)",
                "INSERT INTO acknowledged VALUES (99, 'victoriametrics', 9e12, 9, 3, 15, 0, 'x', 0, 1)",
                "INSERT INTO acknowledged VALUES (99, 'victoriametrics', 9e12, -5, -1, -1, 0, 'x', 0, 1)",
                "INSERT INTO acknowledged VALUES (99, 'victoriametrics', 9e12, 5, 'x', 15, 0, 'x', 0, 1)",
                "INSERT INTO acknowledged VALUES (99, 'victoriametrics', 9e12, 5, " + HUGE + ", 15, 0, 'x', 0, 1)",
                "INSERT INTO delivered VALUES ('victoriametrics', 2, 0, " + HUGE + ")",
                "INSERT INTO delivered VALUES ('victoriametrics', 3, 0, " + HUGE + " - 1)",
                "INSERT INTO quarantine VALUES (" + HUGE + ", 0, 'bad', 0)",
                "INSERT INTO sessions VALUES (" + HUGE + ", 'x', NULL, 0, 0, 'completed', '{}')",
                "INSERT INTO sessions VALUES (-7, 'x', NULL, 0, 0, 'completed', '{}')",
                "INSERT INTO layout VALUES (" + HUGE + ", '[5]')",
                "INSERT INTO layout VALUES (2147483647, '[5]')",
                "UPDATE pass SET priority = 9 WHERE seq = 3",
                "UPDATE pass SET priority = -1 WHERE seq = 3",
                "INSERT INTO layout VALUES (77, 'no array')",
                "INSERT INTO notes(key, value) VALUES ('server', 'no JSON')",
            })
    void worksOn(String damage) throws Exception {
        Path file = folder.resolve("metrics.db");
        try (FaultTolerantStore store = open(file)) {
            for (int i = 0; i < SAMPLES; i++) {
                append(store, i);
            }
        }
        try (Connection connection = Connections.open(file, false);
                Statement statement = connection.createStatement()) {
            for (String sql : damage.split(";", -1)) {
                statement.execute(sql);
            }
        }

        try (FaultTolerantStore store = open(file)) {
            assertThat(worksAfterAll(store)).as("%s", store.state().trouble()).isTrue();
            boolean recovered = store.state().recovery() != null;
            assertThat(StorageHealth.of(file, store.status(), store.state(), List.of(), NOW)
                            .status())
                    .isEqualTo(recovered ? Status.DEGRADED : Status.OK);
            Delivery delivery = store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                    .orElseThrow();
            assertThat(delivery.size()).isEqualTo(SAMPLES + 1);
            assertThat(store.status().pendingSamples()).isEqualTo(SAMPLES + 1);
            SeriesSamples old = delivery.series().get(0);
            assertThat(old.series().name()).isEqualTo(LEVEL.name());
            if (damage.contains("tags = substr")) {
                assertThat(old.series().tags()).isEqualTo(Map.of("damaged_tags", "{\"n\":"));
            }
            store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
            assertThat(store.status().pendingSamples()).isZero();
            assertThat(store.resend(DESTINATION, Instant.EPOCH)).isEqualTo(SAMPLES + 1);
        }
        try (FaultTolerantStore store = open(file)) {
            assertThat(store.status().pendingSamples()).isEqualTo(SAMPLES + 1);
            assertThat(store.state().trouble()).isNull();
            assertThat(store.state().recovery()).as("once").isNull();
        }
    }

    /** A pass cannot be saved, or not all of it, and must not keep the others. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSERT INTO pass SELECT 1000, time_ms, session, 77, 2, 1, 0, '[1]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, time_ms, session, 55, 2, 1, 0, '[1]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, time_ms + 100, session, layout, 2, 1, 0, '[1' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, time_ms + 100, session, layout, 2, 1, 0, '' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, time_ms + 100, session, layout, 2, 1, 0, '[\"a\"]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, time_ms + 100, session, layout, 2, 1, 0, '[1,2]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, time_ms + 100, session, layout, 2, 1, 0, '[{}]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, time_ms + 100, session, layout, 2, 1, 0, '[1] and more' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT " + HUGE
                        + ", time_ms + 100, session, layout, 2, 1, 0, '[1]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT -5, time_ms + 100, session, layout, 2, 1, 0, '[1]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, -9, session, layout, 2, 1, 0, '[1]' FROM pass WHERE seq = 1",
                "INSERT INTO pass SELECT 1000, " + HUGE + ", session, layout, 2, 1, 0, '[1]' FROM pass WHERE seq = 1",
            })
    void goesOnWhereAPassIsOfNoUse(String damage) throws Exception {
        for (boolean cleanEnd : new boolean[] {true, false}) {
            Path file = folder.resolve(cleanEnd ? "metrics.db" : "crashed.db");
            try (FaultTolerantStore store = open(file)) {
                for (int i = 0; i < SAMPLES; i++) {
                    append(store, i);
                }
            }
            try (Connection connection = Connections.open(file, false);
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO layout VALUES (77, '[77]')");
                statement.execute(damage);
                if (!cleanEnd) {
                    statement.execute("UPDATE sessions SET status = 'active'");
                }
            }
            try (FaultTolerantStore store = open(file)) {
                for (int i = 0; i < 10; i++) {
                    try {
                        if (store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                                .isPresent()) {
                            break;
                        }
                    } catch (StoreException e) {
                        assertThat(e.getMessage())
                                .containsAnyOf(
                                        "series 77",
                                        "layout 55",
                                        "pass 1000",
                                        "samples have no",
                                        "passes",
                                        "no store gives");
                        assertThat(e.getMessage()).doesNotContain("\n");
                    }
                    worksAfterAll(store);
                }
                assertThat(store.state().recovery()).as(damage).isNotNull();
                assertThat(store.state().recovery().salvage().orphans()).isPositive();
                assertThat(store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                                .orElseThrow()
                                .size())
                        .isGreaterThanOrEqualTo(SAMPLES);
                assertThat(Files.exists(store.state().recovery().damagedFile())).isTrue();
            }
        }
    }

    /** Appends until the store takes a sample. */
    private boolean worksAfterAll(FaultTolerantStore store) throws Exception {
        for (int i = 0; i < 20; i++) {
            boolean waits = store.state().trouble() != null;
            if (!waits) {
                append(store, SAMPLES);
                return true;
            }
            nanos.addAndGet(Duration.ofSeconds(5).toNanos());
            store.configure(TestStores.SETTINGS, 1000);
            try {
                store.resend(DESTINATION, NOW.plusSeconds(1));
            } catch (StoreException e) {
                assertThat(e).hasMessageContaining("damaged");
            }
        }
        return false;
    }

    private FaultTolerantStore open(Path file) throws Exception {
        Platform platform = TestStores.timed(nanos::get);
        return new FaultTolerantStore(
                new DatabasePlace(file, CLOCK, platform),
                (settings, onFailure) ->
                        StoreOpening.open(TestStores.place(file), settings, CLOCK, platform, onFailure),
                TestStores.SETTINGS,
                1_000,
                CLOCK,
                nanos::get,
                Runnable::run);
    }

    private static void append(FaultTolerantStore store, int number) throws Exception {
        store.append(new SampleBatch(
                NOW.plusMillis(number), "rig", new TreeMap<>(), Priority.NORMAL, List.of(LEVEL.sample(number, "1"))));
    }
}
