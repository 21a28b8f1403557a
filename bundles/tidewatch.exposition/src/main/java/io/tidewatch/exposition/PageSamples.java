package io.tidewatch.exposition;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes samples of the pages of one source. Names and labels stay as they are: a series is read when it is first seen, and
 * found by its text afterwards. A series that was not seen for an hour makes room for another one.
 *
 * <pre>{@code
 * samples.begin();
 * samples.read("page", stream, ExpositionFormat.TEXT, true);
 * samples.report(diagnostics);
 * return samples.list();
 * …
 * samples.stored();
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class PageSamples {
    private static final long IDLE_NANOS = Duration.ofHours(1).toNanos();

    private final PageSettings settings;
    private final LongSupplier nanoTime;
    private final ExpositionParser parser;
    private final SeriesReader reader;
    private final ByteMap<KnownSeries> known = new ByteMap<>();
    private final ByteMap<Boolean> names = new ByteMap<>();
    private final DropCounts drops;

    // Of the pass.
    private final List<Sample> samples = new ArrayList<>();
    private final SortedMap<Long, List<Sample>> timed = new TreeMap<>();
    private final PageProblems problems;
    private long pass;
    private boolean isStored = true;
    private int times;

    public PageSamples(PageSettings settings, DropCounts drops, LongSupplier nanoTime) {
        this.settings = settings;
        this.drops = drops;
        this.nanoTime = nanoTime;
        parser = new ExpositionParser(ExpositionLimits.DEFAULT.withPageBytes(settings.maxBytes()));
        reader = new SeriesReader(settings.labels());
        problems = new PageProblems(settings);
    }

    /** Begins a pass: forgets the samples and problems of the one before. */
    public void begin() {
        if (!isStored) {
            known.forEach(series -> series.lost(pass));
        }
        isStored = false;
        pass++;
        samples.clear();
        timed.clear();
        times = 0;
        problems.clear();
        if (known.size() >= settings.maxSeries()) {
            long now = nanoTime.getAsLong();
            known.removeIf(series -> now - series.seenNanos > IDLE_NANOS);
            reader.forget();
        }
    }

    /**
     * Reads a page, one of several perhaps, which is not closed; samples until a failure of the stream are kept.
     *
     * @param subject which page, for messages
     * @param lastLine as for {@link ExpositionParser#parse}
     */
    public void read(String subject, InputStream page, ExpositionFormat format, boolean lastLine) throws IOException {
        PageEnding ending = parser.parse(page, format, lastLine, new PageHandler() {
            @Override
            public void sample(SampleLine line) throws MalformedException {
                take(subject, line);
            }

            @Override
            public void malformed(int line, int column, String message, String text) {
                drops.add(DropReason.MALFORMED);
                problems.malformed(subject, line, column, message, text);
            }
        });
        if (ending == PageEnding.TOO_LONG) {
            drops.add(DropReason.MAX_BYTES);
        }
        problems.ended(subject, ending);
    }

    /** Adds a sample that stands in no page; throws if its name cannot be one in Prometheus. */
    public void add(String subject, SeriesName series, Kind kind, double value) throws MalformedException {
        StringBuilder text = new StringBuilder(series.name());
        // With its length, a value cannot read as if there were other labels.
        series.labels().forEach((label, tag) -> text.append(',')
                .append(label)
                .append('=')
                .append(tag.length())
                .append(':')
                .append(tag));
        byte[] key = text.toString().getBytes(StandardCharsets.UTF_8);
        KnownSeries entry = known.get(key, 0, key.length);
        if (entry == null || entry.metric.kind() != kind) {
            if (!settings.names().accepts(series.name()) || (entry == null && isFull(series.name()))) {
                return;
            }
            entry = reader.read(series, kind, null);
            known.put(key, 0, key.length, entry);
        }
        keep(subject, entry, value, null);
    }

    private void take(String subject, SampleLine line) throws MalformedException {
        KnownSeries entry = line.get(known);
        MetricFamily family = line.family();
        if (entry == null || !Objects.equals(entry.family, family)) {
            if (!isWanted(line) || (entry == null && isFull(line.name()))) {
                return;
            }
            SeriesName series = line.series();
            KnownSeries read = reader.read(series, SeriesReader.kindOf(series.name(), family), family);
            if (entry != null) {
                read.continueAs(entry);
            }
            entry = read;
            line.put(known, entry);
        }
        keep(
                subject,
                entry,
                line.value(),
                settings.timestamps() && line.hasTimestamp() ? line.timestampMillis() : null);
    }

    private boolean isWanted(SampleLine line) throws MalformedException {
        Boolean wanted = line.getName(names);
        if (wanted == null) {
            String name = line.name();
            boolean quoted = name.isEmpty();
            wanted = settings.names().accepts(quoted ? line.series().name() : name);
            if (!quoted && names.size() < ExpositionLimits.DEFAULT.families()) {
                line.putName(names, wanted);
            }
        }
        return wanted;
    }

    private boolean isFull(String name) {
        boolean full = known.size() >= settings.maxSeries();
        if (full) {
            drops.add(DropReason.MAX_SERIES);
            problems.beyondLimit(name);
        }
        return full;
    }

    private void keep(String subject, KnownSeries entry, double value, @Nullable Long timestamp) {
        boolean first = entry.begin(pass);
        boolean again = timestamp == null ? !first : entry.has(timestamp);
        entry.seenNanos = nanoTime.getAsLong();
        if (again) {
            drops.add(DropReason.DUPLICATE);
            problems.duplicate(subject, entry.metric.name());
        } else if (!Double.isFinite(value)) {
            drops.add(DropReason.NOT_FINITE);
        } else if (timestamp == null) {
            samples.add(new Sample(entry.metric, value, null, entry.tagValues));
        } else if (times == settings.maxSeries()) {
            drops.add(DropReason.MAX_SERIES);
            problems.beyondLimit(entry.metric.name());
        } else {
            times++;
            // A page shows its samples until it has others: each is stored once.
            if (entry.add(timestamp)) {
                timed.computeIfAbsent(timestamp, time -> new ArrayList<>())
                        .add(new Sample(entry.metric, value, null, entry.tagValues));
            }
        }
    }

    /** Returns the samples of the pass that have the time of the pass. */
    public List<Sample> list() {
        return List.copyOf(samples);
    }

    /** Returns the samples of the pass that have times of their own, in their order. */
    public List<TimedSamples> timed() {
        return timed.entrySet().stream()
                .map(group -> new TimedSamples(Instant.ofEpochMilli(group.getKey()), group.getValue()))
                .toList();
    }

    /** The pass is stored; otherwise the next one has its samples with timestamps again. */
    public void stored() {
        isStored = true;
    }

    /** Returns how many samples the pass has. */
    public int size() {
        return samples.size() + timed.values().stream().mapToInt(List::size).sum();
    }

    /** Reports what was left out in the pass, and what an operator should know. */
    public void report(Diagnostics diagnostics) {
        problems.report(diagnostics, reader.renamed());
    }
}
