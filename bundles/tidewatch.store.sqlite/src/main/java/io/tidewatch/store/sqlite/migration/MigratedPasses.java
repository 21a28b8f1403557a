package io.tidewatch.store.sqlite.migration;

import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.PassWriter;
import io.tidewatch.store.sqlite.tables.SeriesLimit;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes passes of samples that come one by one: those that follow each other with one time and one priority are one pass.
 * Each of them is in the session of its time.
 */
final class MigratedPasses {
    /** Why a sample is in quarantine, and since when, in milliseconds since the epoch. */
    record Refusal(String reason, long time) {}

    private record Member(int id, double number, @Nullable String text) {}

    private static final Logger LOG = LoggerFactory.getLogger(MigratedPasses.class);
    private static final int MOST_COLUMNS = 1000;
    private static final long LOG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final Database target;
    private final int samplesPerStep;
    private final Migration.Step step;
    private final SeriesTable series;
    private final PassTable passes;
    private final PassWriter writer;
    private final DeliveryTables deliveries;

    /** Those of one pass. */
    private final List<Member> members = new ArrayList<>();

    private final Map<Integer, Refusal> quarantined = new TreeMap<>();
    private long time;
    private int level;
    private boolean ofTexts;

    private boolean isPending;
    private long sinceStep;
    private long samples;
    private long pending;
    private long duplicates;
    private long logged = System.nanoTime();

    MigratedPasses(Database target, int samplesPerStep, Migration.Step step) throws SQLException {
        this.target = target;
        this.samplesPerStep = samplesPerStep;
        this.step = step;
        series = new SeriesTable(target, SeriesLimit.none());
        passes = new PassTable(target);
        writer = new PassWriter(passes);
        deliveries = new DeliveryTables(target);
        target.begin();
    }

    SeriesTable series() {
        return series;
    }

    /** Samples that were stored. */
    long samples() {
        return samples;
    }

    /** Those of them that wait for delivery. */
    long pending() {
        return pending;
    }

    /** Samples whose point was there already. */
    long duplicates() {
        return duplicates;
    }

    /**
     * @param id id of its series in the new database
     * @param refusal why it is in quarantine; null if it is not
     */
    void add(int id, long time, int level, double number, @Nullable String text, @Nullable Refusal refusal)
            throws SQLException, IOException {
        boolean fits = time == this.time && level == this.level && (text != null) == ofTexts;
        if (!fits || members.size() == MOST_COLUMNS) {
            flush();
        }
        this.time = time;
        this.level = level;
        ofTexts = text != null;
        members.add(new Member(id, number, text));
        if (refusal != null) {
            quarantined.put(id, refusal);
        }
    }

    /** All passes up to now are delivered; those that follow are pending. */
    void allDelivered() throws SQLException, IOException {
        flush();
        isPending = true;
        long last = passes.nextSeq() - 1;
        for (int one = 0; one < PassRow.LEVELS && last > 0; one++) {
            deliveries.replace(one, DeliveredRanges.NONE, DeliveredRanges.NONE.plus(0, last));
        }
    }

    /**
     * A chunk was acknowledged that had samples of a stretch of time.
     *
     * @param priorities priority levels, as a bit each
     */
    void acknowledged(long acknowledged, long first, long last, int priorities) throws SQLException, IOException {
        flush();
        String passesOf = "SELECT min(seq), max(seq), min(time_ms) FROM pass WHERE time_ms BETWEEN ? AND ?";
        Sql.each(target.sql(passesOf).query(first, last), row -> {
            if (row.getLong(1) > 0) {
                deliveries.acknowledged(
                        new UUID(0, 0),
                        new DeliveryOutcome.Acknowledgement(0, Instant.ofEpochMilli(acknowledged), List.of()),
                        new DeliveryTables.Touched(row.getLong(1), row.getLong(2), priorities, row.getLong(3)));
            }
        });
    }

    /** No sample follows. */
    void finish() throws SQLException, IOException {
        flush();
        commit();
    }

    private void commit() throws SQLException, IOException {
        target.commit();
        series.committed();
        passes.layouts().committed();
        step.done();
    }

    private void flush() throws SQLException, IOException {
        if (members.isEmpty()) {
            return;
        }
        int[] ids = members.stream().mapToInt(Member::id).toArray();
        double[] numbers = members.stream().mapToDouble(Member::number).toArray();
        @Nullable String[] texts = members.stream().map(Member::text).toArray(String[]::new);
        duplicates += writer.dropDuplicates(time, ids);
        long session = target.sql("SELECT number FROM sessions WHERE start_time <= ?1"
                        + " AND (end_time IS NULL OR end_time >= ?1) ORDER BY start_time DESC LIMIT 1")
                .number(time);
        int stored = writer.write(time, session, level, ids, numbers, texts, ofTexts);
        if (!quarantined.isEmpty()) {
            quarantine();
        }
        samples += stored;
        pending += isPending ? stored : 0;
        sinceStep += members.size();
        members.clear();
        if (sinceStep >= samplesPerStep) {
            sinceStep = 0;
            commit();
            target.begin();
            if (System.nanoTime() - logged > LOG_EVERY_NANOS) {
                logged = System.nanoTime();
                LOG.info("{} samples are migrated so far", samples);
            }
        }
    }

    private void quarantine() throws SQLException {
        passes.byTime(time, time + 1, pass -> {
            int[] columns = passes.layoutOf(pass.seq()).series();
            for (int column = 0; column < columns.length; column++) {
                Refusal refusal = quarantined.get(columns[column]);
                if (refusal != null) {
                    deliveries.quarantine(pass.seq(), column, refusal.reason(), refusal.time());
                }
            }
            return true;
        });
        quarantined.clear();
    }
}
