package io.tidewatch.store.sqlite.resilience;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.engine.OverflowRing;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.tables.SampleArray;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The samples that wait in memory for the disk, and the count of those that it never took. Safe for use by several
 * threads, of which one at a time may write.
 */
public final class WaitingSamples {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingSamples.class);
    private static final int SAMPLES_PER_WRITE = 2_000;

    private final Path file;
    private final Clock clock;
    private final OverflowRing ring;
    private final long most;
    private long lostOtherwise;
    private long unstorable;
    private boolean full;

    public WaitingSamples(Path file, long capacity, Clock clock) {
        this(file, capacity, clock, Runtime.getRuntime().maxMemory());
    }

    /** @param heap bytes, of which samples that wait may take a quarter */
    public WaitingSamples(Path file, long capacity, Clock clock, long heap) {
        this.file = file;
        this.clock = clock;
        most = heap / 4 / OverflowRing.BYTES_PER_SAMPLE;
        ring = new OverflowRing(withinHeap(capacity));
    }

    public synchronized void resize(long capacity) {
        ring.resize(withinHeap(capacity));
    }

    /** Samples that wait must not take the agent down. */
    private long withinHeap(long capacity) {
        if (capacity > most) {
            LOG.warn("ring.samples = {} would take more than a quarter of the heap; {} are kept", capacity, most);
        }
        return Math.min(capacity, most);
    }

    /** Takes a batch; if there is no room, the oldest samples are dropped and counted. */
    public AppendResult defer(SampleBatch batch) {
        List<Sample> storable =
                batch.samples().stream().filter(SampleArray::isStorable).toList();
        int notFinite = batch.samples().size() - storable.size();
        SampleBatch waiting = notFinite == 0 ? batch : batch.withSamples(storable);
        synchronized (this) {
            long before = ring.dropped();
            ring.add(new OverflowRing.Entry(waiting, clock.instant()));
            if (ring.dropped() > before && !full) {
                full = true;
                LOG.error(
                        "Memory has no more room for samples that cannot be written to {}: the oldest are dropped and"
                                + " counted; see the disk's failure in health",
                        file);
            }
        }
        return new AppendResult(0, 0, notFinite == 0 ? Map.of() : Map.of("not_finite", notFinite), storable.size());
    }

    /**
     * Writes all that waits, in order, a bounded number at a time; at least a probe.
     *
     * @param empty asked when nothing waits any more: whether that is the end
     * @return how many samples were written
     * @throws StoreException if the disk does not take them; what is not written still waits
     */
    public long writeTo(SqliteStore store, BooleanSupplier empty) throws StoreException {
        long written = 0;
        boolean tried = false;
        while (true) {
            List<OverflowRing.Entry> entries = oldest();
            if (entries.isEmpty() && !tried) {
                store.probe();
            } else if (!entries.isEmpty()) {
                written += write(store, entries);
            } else if (empty.getAsBoolean()) {
                return written;
            }
            tried = true;
        }
    }

    private long write(SqliteStore store, List<OverflowRing.Entry> entries) throws StoreException {
        try {
            store.write(entries);
            return remove(entries);
        } catch (StoreException e) {
            if (!Failures.isOfTheInput(e)) {
                throw e;
            }
            if (entries.size() > 1) {
                long written = 0;
                for (OverflowRing.Entry entry : entries) {
                    written += write(store, List.of(entry));
                }
                return written;
            }
            discard(entries.get(0), e);
            return 0;
        }
    }

    /** One batch that no disk takes must not keep all others waiting. */
    private synchronized void discard(OverflowRing.Entry entry, StoreException e) {
        int samples = entry.batch().samples().size();
        unstorable += samples;
        LOG.error("{} samples cannot be stored and are dropped. Please report this", samples, e);
        ring.removeIfOldest(entry);
    }

    /** See {@link OverflowRing#shift}. */
    public synchronized long shift(Instant from, Instant until, Duration step) {
        return ring.shift(from, until, step);
    }

    /** Gives up what still waits, at the end. */
    public synchronized void giveUp() {
        if (!ring.isEmpty()) {
            LOG.error(
                    "{} samples that could not be written to {} are lost with the end of the agent",
                    ring.samples(),
                    file);
            ring.resize(0);
        }
    }

    /** Samples were lost that had been written. */
    public synchronized void lost(long samples) {
        lostOtherwise += samples;
    }

    public synchronized long count() {
        return ring.samples();
    }

    /** Samples that had to make room, were given up, or were lost, since the start. */
    public synchronized long lost() {
        return ring.dropped() + lostOtherwise;
    }

    /** Samples that no disk takes, since the start. */
    public synchronized long unstorable() {
        return unstorable;
    }

    private synchronized List<OverflowRing.Entry> oldest() {
        return ring.oldest(SAMPLES_PER_WRITE);
    }

    private synchronized long remove(List<OverflowRing.Entry> entries) {
        long samples = 0;
        for (OverflowRing.Entry entry : entries) {
            samples += entry.batch().samples().size();
            // The oldest may have been dropped for newer ones since.
            ring.removeIfOldest(entry);
        }
        full = false;
        return samples;
    }
}
