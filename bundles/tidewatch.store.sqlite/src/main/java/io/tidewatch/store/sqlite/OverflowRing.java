package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.SampleBatch;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches in memory while the disk does not take them: so many samples, then the oldest batch makes room for the newest.
 * Not safe for use by several threads.
 */
final class OverflowRing {
    /**
     * A batch and when it came, since the clock may have gone on far when it is written.
     *
     * @param batch the batch
     * @param arrival the clock at its arrival
     */
    record Entry(SampleBatch batch, Instant arrival) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long capacity;
    private long samples;
    private long dropped;

    /** @param capacity how many samples it holds */
    OverflowRing(long capacity) {
        this.capacity = capacity;
    }

    /** Changes how many samples it holds. */
    void resize(long capacity) {
        this.capacity = capacity;
        makeRoom();
    }

    /** Takes a batch; drops the oldest ones if there is no room. */
    void add(Entry entry) {
        entries.add(entry);
        samples += entry.batch().samples().size();
        makeRoom();
    }

    /** The oldest batches with at most so many samples together, but at least one batch unless the ring is empty. */
    List<Entry> oldest(int maxSamples) {
        List<Entry> oldest = new ArrayList<>();
        int count = 0;
        for (Entry entry : entries) {
            count += entry.batch().samples().size();
            if (count > maxSamples && !oldest.isEmpty()) {
                break;
            }
            oldest.add(entry);
        }
        return oldest;
    }

    /** Forgets a batch, which is written, unless it had to make room meanwhile. */
    void removeIfOldest(Entry entry) {
        if (entry.equals(entries.peek())) {
            entries.remove();
            samples -= entry.batch().samples().size();
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Samples that it holds. */
    long samples() {
        return samples;
    }

    /** Samples that had to make room since the start. */
    long dropped() {
        return dropped;
    }

    private void makeRoom() {
        while (samples > capacity && !entries.isEmpty()) {
            int lost = entries.remove().batch().samples().size();
            samples -= lost;
            dropped += lost;
        }
    }
}
