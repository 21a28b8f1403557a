package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.recovery.DamagedTable;
import io.tidewatch.store.sqlite.recovery.Recovery;
import io.tidewatch.store.sqlite.recovery.Salvage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Which damage costs what, and that it is counted. */
class SalvageTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level", "n");

    @TempDir
    Path folder;

    /** Of the file that is written, damage is an error like others, and a full disk is named as one. */
    @Test
    void aFailureOfTheNewFileIsNoDamageOfTheOldOne() throws Exception {
        try (Connection source = new JDBC().connect("jdbc:sqlite::memory:", new Properties());
                Statement statement = source.createStatement()) {
            statement.execute("CREATE TABLE t(k INTEGER PRIMARY KEY)");
            statement.execute("INSERT INTO t VALUES (1), (2)");
            for (SQLiteErrorCode code : List.of(
                    SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_IOERR_READ, SQLiteErrorCode.SQLITE_FULL)) {
                SQLException failure = new SQLiteException("of the new file", code);

                assertThatThrownBy(() -> new DamagedTable(source, "t", List.of("k")).read(row -> {
                            throw failure;
                        }))
                        .as("%s", code)
                        .isInstanceOfSatisfying(SQLException.class, thrown -> {
                            assertThat(Failures.isDamage(thrown)).isFalse();
                            String advice = String.valueOf(Failures.of("Salvaging", Path.of("metrics.db"), thrown)
                                    .getMessage());
                            assertThat(advice.contains("Make room")).isEqualTo(code == SQLiteErrorCode.SQLITE_FULL);
                        });
            }
        }
    }

    @Test
    void aDamagedPageOfSeriesCostsTheirSamplesAndNoOthers() throws Exception {
        fill(20, 200);
        overwrite(leavesOf("series").get(1));

        Salvage.Result result = recover().salvage();

        assertThat(result.samples()).isBetween(3_000L, 3_999L);
        assertThat(result.samples() + result.orphans()).isEqualTo(4_000);
        assertThat(pending()).hasSize((int) result.samples());
    }

    @Test
    void aSampleInQuarantineIsStillThatSampleWhenOthersOfItsPassHaveLostTheirSeries() throws Exception {
        int rejected = 150;
        try (SqliteStore store = open()) {
            store.append(batch(0, 200));
            Delivery delivery =
                    store.next(DeliveryQuery.everything(DESTINATION, 1000)).orElseThrow();
            List<Slice> accepted = new ArrayList<>();
            List<DeliveryOutcome.Rejection> refused = new ArrayList<>();
            for (SeriesSamples samples : delivery.series()) {
                if (samples.series().tags().containsValue(String.valueOf(rejected))) {
                    refused.add(new DeliveryOutcome.Rejection(samples.all(), "bad"));
                } else {
                    accepted.add(samples.all());
                }
            }
            store.complete(
                    delivery,
                    new DeliveryOutcome(List.of(new DeliveryOutcome.Acknowledgement(0, NOW, accepted)), refused));
            crash(store);
        }
        overwrite(leavesOf("series").get(1));

        assertThat(recover().salvage().orphans()).isPositive();
        try (SqliteStore store = open();
                Statement statement = store.database().connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT group_concat(tags) FROM metrics WHERE uploaded = 0")) {
            assertThat(row.getString(1)).isEqualTo("{\"n\":\"" + rejected + "\"}");
            assertThat(store.status().quarantinedSamples()).isEqualTo(1);
        }
    }

    /** Layouts have a second copy in their index. */
    @Test
    void aDamagedPageOfLayoutsCostsNothing() throws Exception {
        fill(20, 200);
        List<Integer> pages = pagesOf("layout");
        assertThat(pages).hasSizeGreaterThan(1);
        for (int page : pages) {
            overwrite(page);
        }
        Salvage.Result result = recover().salvage();
        assertThat(result.samples()).isEqualTo(4_000);
        assertThat(pending()).hasSize(4_000);
    }

    @Test
    void aDamagedPageOfDeliveredRangesLeavesEverythingPending() throws Exception {
        try (SqliteStore store = open()) {
            for (int pass = 0; pass < 300; pass++) {
                store.append(batch(pass, 2));
            }
            Delivery delivery = store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                    .orElseThrow();
            store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
            crash(store);
        }
        overwrite(pagesOf("delivered").get(0));
        recover();
        assertThat(pending()).hasSize(600);
    }

    @Test
    @Timeout(60)
    void aPageWithTheContentOfAnEarlierOneIsNotCountedTwice() throws Exception {
        fill(1_000, 1);
        List<Integer> leaves = leavesOf("pass");
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            byte[] early = new byte[Database.PAGE_SIZE];
            raw.seek(offset(leaves.get(2)));
            raw.readFully(early);
            raw.seek(offset(leaves.get(8)));
            raw.write(early);
        }
        overwrite(leaves.get(9));

        Salvage.Result result = recover().salvage();

        assertThat(result.stretches()).isPositive();
        assertThat(pending()).hasSize((int) result.samples()).hasSizeGreaterThan(800);
    }

    @Test
    void notesAreCopiedAroundADamagedPage() throws Exception {
        try (SqliteStore store = open()) {
            for (int pass = 0; pass < 300; pass++) {
                store.append(batch(pass, 1));
            }
            for (int key = 0; key < 40; key++) {
                store.note("key" + key, "x".repeat(100));
            }
            crash(store);
        }
        List<Integer> leaves = leavesOf("notes");
        assertThat(leaves).hasSizeGreaterThan(4);
        overwrite(leaves.get(2));

        recover();

        assertThat(pending()).hasSize(300);
        int notes = 0;
        try (SqliteStore store = open()) {
            for (int key = 0; key < 40; key++) {
                notes += store.note("key" + key).isPresent() ? 1 : 0;
            }
        }
        assertThat(notes).isBetween(34, 37);
    }

    @Test
    void aFirstPageOfGarbageCostsNothing() throws Exception {
        fill(300, 1);
        overwrite(1);

        assertThat(recover().salvage()).isEqualTo(new Salvage.Result(300, 0, 0, 0, true));
        assertThat(pending()).hasSize(300);
    }

    @Test
    void aFirstPageThatIsWrongBehindItsHeaderCostsNothing() throws Exception {
        fill(300, 1);
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(100);
            raw.write(garbage(Database.PAGE_SIZE - 100));
        }

        assertThat(recover().salvage()).isEqualTo(new Salvage.Result(300, 0, 0, 0, true));
        assertThat(pending()).hasSize(300);
    }

    private Path file() {
        return folder.resolve("metrics.db");
    }

    private SqliteStore open() throws Exception {
        return TestStores.open(file(), CLOCK);
    }

    private Recovery.Result recover() throws Exception {
        AtomicLong nanos = new AtomicLong();
        Recovery recovery = new Recovery(file(), CLOCK, TestStores.timed(nanos::get));
        Recovery.Result result = null;
        for (int i = 0; i < 3 && result == null; i++) {
            try {
                result = recovery.runIfNeeded(false);
            } catch (SQLException e) {
                assertThat(e.getMessage()).contains("it is read once more in 15 seconds");
                nanos.addAndGet(Duration.ofSeconds(15).toNanos());
            }
        }
        assertThat(result).isNotNull();
        return result;
    }

    private void fill(int passes, int series) throws Exception {
        try (SqliteStore store = open()) {
            for (int pass = 0; pass < passes; pass++) {
                store.append(batch(pass, series));
            }
            crash(store);
        }
    }

    private static SampleBatch batch(int pass, int series) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < series; i++) {
            samples.add(LEVEL.sample(pass, String.valueOf(i)));
        }
        return new SampleBatch(NOW.plusMillis(10L * pass), "rig", new TreeMap<>(), Priority.NORMAL, samples);
    }

    /** Ends a store as a killed process does, with everything in the file itself. */
    private void crash(SqliteStore store) throws IOException {
        store.checkpoint();
        byte[] database = Files.readAllBytes(file());
        store.close();
        Files.write(file(), database);
    }

    private Set<String> pending() throws Exception {
        try (SqliteStore store = open()) {
            return pending(store);
        }
    }

    private static Set<String> pending(SqliteStore store) throws Exception {
        Set<String> pending = new HashSet<>();
        for (SeriesSamples samples : store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                .orElseThrow()
                .series()) {
            for (int i = 0; i < samples.size(); i++) {
                assertThat(pending.add(samples.series().tags() + " " + samples.timestamp(i)))
                        .isTrue();
            }
        }
        return pending;
    }

    private List<Integer> pagesOf(String table) throws Exception {
        return pages("SELECT pageno FROM dbstat WHERE name = '" + table + "' ORDER BY path");
    }

    /** Numbers of the pages that hold the rows of a table, in the order of its key. */
    private List<Integer> leavesOf(String table) throws Exception {
        return pages("SELECT pageno FROM dbstat WHERE name = '" + table + "' AND pagetype = 'leaf' ORDER BY path");
    }

    private List<Integer> pages(String sql) throws Exception {
        List<Integer> pages = new ArrayList<>();
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file(), new Properties());
                Statement statement = connection.createStatement();
                ResultSet page = statement.executeQuery(sql)) {
            while (page.next()) {
                pages.add(page.getInt(1));
            }
        }
        return pages;
    }

    private void overwrite(int page) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(offset(page));
            raw.write(garbage(Database.PAGE_SIZE));
        }
    }

    private static long offset(int page) {
        return (page - 1L) * Database.PAGE_SIZE;
    }

    private static byte[] garbage(int bytes) {
        byte[] garbage = new byte[bytes];
        new Random(5).nextBytes(garbage);
        return garbage;
    }
}
