package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.SampleBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches in memory while the disk does not take them: so many samples, or so many
 * bytes as these would usually take, then the oldest batch makes room for the newest.
 */
public final class OverflowRing {
    /**
     * A batch and when it came, since the clock may have gone on far when it is written.
     *
     * @param arrival the clock at its arrival
     */
    public record Entry(SampleBatch batch, Instant arrival) {}

    /** A sample with two tags; only long texts take more. */
    public static final long BYTES_PER_SAMPLE = 256;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long capacity;
    private long samples;
    private long bytes;
    private long dropped;

    /** @param capacity how many samples it holds */
    public OverflowRing(long capacity) {
        this.capacity = capacity;
    }

    public void resize(long capacity) {
        this.capacity = capacity;
        makeRoom();
    }

    /** Takes a batch; drops the oldest ones if there is no room. */
    public void add(Entry entry) {
        entries.add(entry);
        samples += entry.batch().samples().size();
        bytes += bytesOf(entry.batch());
        makeRoom();
    }

    /** The oldest batches with at most so many samples together, but at least one batch unless the ring is empty. */
    public List<Entry> oldest(int maxSamples) {
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

    /** Removes a written batch, unless it was already dropped for room. */
    public void removeIfOldest(Entry entry) {
        if (entry.equals(entries.peek())) {
            forgetOldest();
        }
    }

    /**
     * Moves the batches in time whose timestamp is at or after {@code from} and before {@code until}, as the clock was set.
     *
     * @return how many of their samples are numbers
     */
    public long shift(Instant from, Instant until, Duration step) {
        long moved = 0;
        for (int i = entries.size(); i > 0; i--) {
            Entry entry = entries.remove();
            SampleBatch batch = entry.batch();
            if (!batch.timestamp().isBefore(from) && batch.timestamp().isBefore(until)) {
                // On the new clock now; its arrival may have been on that before.
                Instant time = batch.timestamp().plus(step);
                entry = new Entry(batch.at(time), time);
                moved += batch.samples().stream()
                        .filter(sample -> sample.text() == null)
                        .count();
            }
            entries.add(entry);
        }
        return moved;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public long samples() {
        return samples;
    }

    /** Samples that had to make room since the start. */
    public long dropped() {
        return dropped;
    }

    private int forgetOldest() {
        SampleBatch batch = entries.remove().batch();
        samples -= batch.samples().size();
        bytes -= bytesOf(batch);
        return batch.samples().size();
    }

    /** Roughly what a batch holds in memory; metrics, device and labels are shared with others. */
    private static long bytesOf(SampleBatch batch) {
        long bytes = 100;
        for (Sample sample : batch.samples()) {
            String text = sample.text();
            bytes += 64 + (text == null ? 0 : 56 + text.length());
            for (String value : sample.tagValues()) {
                bytes += 56 + value.length();
            }
        }
        return bytes;
    }

    private void makeRoom() {
        while ((samples > capacity || bytes > capacity * BYTES_PER_SAMPLE) && !entries.isEmpty()) {
            dropped += forgetOldest();
        }
    }
}
