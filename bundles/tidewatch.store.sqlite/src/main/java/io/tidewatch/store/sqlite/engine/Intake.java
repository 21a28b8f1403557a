package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.clock.ArrivalClock;
import io.tidewatch.store.sqlite.delivery.Backlog;
import io.tidewatch.store.sqlite.tables.PassWriter;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns batches into passes. Not safe for use by several threads. */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final String NOT_FINITE = "not_finite";
    private static final String TOO_MANY_SERIES = "too_many_series";

    private final SeriesTable series;
    private final PassWriter writer;
    private final Backlog backlog;
    private final LongSupplier session;
    private boolean clamping;
    private long clamped;

    /** @param session number of the session that is under way */
    Intake(SeriesTable series, PassWriter writer, Backlog backlog, LongSupplier session) {
        this.series = series;
        this.writer = writer;
        this.backlog = backlog;
        this.session = session;
    }

    /**
     * Stores batches, in the caller's transaction. Their times are compared with the clock at their arrival: meanwhile it
     * may have gone on far, or was set.
     *
     * @return one result per batch
     */
    List<AppendResult> insert(List<OverflowRing.Entry> batches) throws SQLException {
        List<AppendResult> results = new ArrayList<>(batches.size());
        for (OverflowRing.Entry entry : batches) {
            results.add(insert(
                    entry.batch(),
                    ArrivalClock.timeOf(entry.batch(), entry.arrival().toEpochMilli())));
        }
        return results;
    }

    private AppendResult insert(SampleBatch batch, long time) throws SQLException {
        List<Sample> samples = batch.samples();
        Map<String, Integer> dropped = new HashMap<>();
        int size = samples.size();
        int[] ids = series.idsOf(batch);
        double[] values = new double[size];
        @Nullable String[] text = new String[size];
        for (int i = 0; i < size; i++) {
            Sample sample = samples.get(i);
            values[i] = sample.value();
            text[i] = sample.text();
            if (ids[i] <= 0) {
                dropped.merge(ids[i] == SeriesTable.NONE ? NOT_FINITE : TOO_MANY_SERIES, 1, Integer::sum);
            }
        }
        int duplicates = writer.dropDuplicates(time, ids);
        int level = batch.priority().level();
        int numbers = writer.write(time, session.getAsLong(), level, ids, values, text, false);
        int texts = writer.write(time, session.getAsLong(), level, ids, values, text, true);
        if (numbers > 0) {
            backlog.added(level, time, numbers);
        }
        if (texts > 0) {
            backlog.addedTexts(time);
        }
        return new AppendResult(numbers + texts, duplicates, dropped);
    }

    /** These batches were committed. */
    void committed(List<OverflowRing.Entry> batches) {
        int late = 0;
        Instant now = Instant.EPOCH;
        for (OverflowRing.Entry entry : batches) {
            if (ArrivalClock.isFar(entry.batch(), entry.arrival().toEpochMilli())) {
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
}
