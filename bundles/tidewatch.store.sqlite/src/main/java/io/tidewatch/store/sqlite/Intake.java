package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.SampleBatch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns batches into rows. Not safe for use by several threads. */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long MOST_AHEAD = Duration.ofMinutes(5).toMillis();
    private static final long MOST_BEHIND = Duration.ofHours(1).toMillis();
    private static final int NOT_FINITE = 0;
    private static final String TOO_MANY_SERIES = "too_many_series";

    /** Is told of each sample that is stored. */
    interface Stored {
        void at(long time) throws SQLException;
    }

    private final SeriesTable series;
    private final SampleTable samples;
    private final Ledger ledger;
    private final Stored stored;
    private boolean clamping;
    private long clamped;

    /** @param stored gets the time of each sample that is stored */
    Intake(SeriesTable series, SampleTable samples, Ledger ledger, Stored stored) {
        this.series = series;
        this.samples = samples;
        this.ledger = ledger;
        this.stored = stored;
    }

    /**
     * Stores batches, in the caller's transaction. Their times are compared with the clock at their arrival: meanwhile it
     * may have gone on far, or was set.
     *
     * @return one result per batch
     */
    List<AppendResult> insert(List<OverflowRing.Entry> batches) throws SQLException {
        List<int[]> ids = new ArrayList<>(batches.size());
        for (OverflowRing.Entry entry : batches) {
            ids.add(seriesIds(entry.batch()));
        }
        ledger.moved(series.changed());
        List<AppendResult> results = new ArrayList<>(batches.size());
        for (int i = 0; i < batches.size(); i++) {
            OverflowRing.Entry entry = batches.get(i);
            long time = timeOf(entry.batch(), entry.arrival().toEpochMilli());
            results.add(insertSamples(entry.batch().samples(), time, ids.get(i)));
        }
        return results;
    }

    /** These batches were committed. */
    void committed(List<OverflowRing.Entry> batches) {
        int late = 0;
        Instant now = Instant.EPOCH;
        for (OverflowRing.Entry entry : batches) {
            if (isFar(entry.batch(), entry.arrival().toEpochMilli())) {
                late += entry.batch().samples().size();
                now = entry.arrival();
            }
        }
        clamped += late;
        if (clamping != late > 0) {
            clamping = late > 0;
            if (clamping) {
                LOG.warn(
                        "Samples come with times more than 5 minutes ahead of or 1 hour behind the clock, which says {};"
                                + " they are stored as of now",
                        now);
            } else {
                LOG.info("Samples come with plausible times again");
            }
        }
    }

    /** Samples whose time was replaced by the present. */
    long clamped() {
        return clamped;
    }

    /** Whether a sample can be stored at all: NaN and infinities cannot. */
    static boolean isStorable(Sample sample) {
        return sample.metric().kind() == Kind.TEXT || Double.isFinite(sample.value());
    }

    private int[] seriesIds(SampleBatch batch) throws SQLException {
        List<Sample> wanted = batch.samples();
        int[] ids = new int[wanted.size()];
        SeriesTable.Points points = series.pointsOf(batch);
        for (int i = 0; i < ids.length; i++) {
            Sample sample = wanted.get(i);
            ids[i] = isStorable(sample) ? series.idOf(batch, sample, points) : NOT_FINITE;
        }
        return ids;
    }

    private AppendResult insertSamples(List<Sample> batch, long timestamp, int[] ids) throws SQLException {
        int kept = 0;
        int duplicates = 0;
        Map<String, Integer> dropped = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == NOT_FINITE || ids[i] == SeriesTable.TOO_MANY) {
                dropped.merge(ids[i] == NOT_FINITE ? "not_finite" : TOO_MANY_SERIES, 1, Integer::sum);
            } else if (samples.insert(
                    timestamp, ids[i], batch.get(i).value(), batch.get(i).text())) {
                ledger.added(timestamp, series.get(ids[i]));
                stored.at(timestamp);
                kept++;
            } else {
                duplicates++;
            }
        }
        return new AppendResult(kept, duplicates, dropped);
    }

    /** The time that a batch is stored under: its own, or the present if that is far from it. */
    static long timeOf(SampleBatch batch, long now) {
        return isFar(batch, now) ? now : batch.timestamp().toEpochMilli();
    }

    /** Whether no pass can have taken that long: its time was made up, or by another clock. */
    static boolean isFar(SampleBatch batch, long now) {
        long timestamp = batch.timestamp().toEpochMilli();
        return timestamp > now + MOST_AHEAD || timestamp < now - MOST_BEHIND;
    }
}
