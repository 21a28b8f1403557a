package io.tidewatch.itest.outside;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The load of a soak: every pass has a sequence number, which goes on behind a restart, and one sample for each of its
 * series, whose value tells both. A pass is noted in a journal, 8 bytes each, before it is handed over: what the journal
 * has and the store has not was lost between the two. Runs inside the agent, in a bundle that {@link SoakBundle} makes.
 */
public final class SoakCollector implements Collector {
    /** The name of the metric. */
    static final String METRIC = "soak.value";

    /** Its tag: the number of the series, from 0. */
    static final String TAG = "series";

    /** A pass of the scheduler has at most so many samples. */
    static final int MOST_SERIES = 10_000;

    /** The file beside this class that says how many series there are, and where the journal is. */
    static final String SETTINGS = "soak.properties";

    static final String SERIES_KEY = "series";
    static final String JOURNAL_KEY = "journal";

    private static final Metric VALUE = Metric.gauge(METRIC, Unit.NONE, "Number of the pass and of the series", TAG);

    private final Path journal;
    private final List<String> series = new ArrayList<>();

    /** Reads its settings. */
    public SoakCollector() throws IOException {
        Properties settings = new Properties();
        try (InputStream in = SoakCollector.class.getResourceAsStream(SETTINGS)) {
            if (in == null) {
                throw new IOException("The bundle has no " + SETTINGS);
            }
            settings.load(in);
        }
        journal = Path.of(settings.getProperty(JOURNAL_KEY));
        for (int i = 0; i < Integer.parseInt(settings.getProperty(SERIES_KEY)); i++) {
            series.add(Integer.toString(i));
        }
    }

    /** What a series has at a pass. */
    static double value(long sequence, int series) {
        return (double) (sequence * MOST_SERIES + series);
    }

    /** Number of the pass that a value was made at. */
    static long sequence(double value) {
        return (long) value / MOST_SERIES;
    }

    /** How many passes there were so far. */
    static long passes(Path journal) throws IOException {
        return Files.exists(journal) ? Files.size(journal) / Long.BYTES : 0;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(VALUE);
    }

    @Override
    public List<Sample> collect() throws IOException {
        long sequence = passes(journal);
        List<Sample> samples = new ArrayList<>(series.size());
        for (int i = 0; i < series.size(); i++) {
            samples.add(VALUE.sample(value(sequence, i), series.get(i)));
        }
        byte[] entry = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
        Files.write(journal, entry, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return samples;
    }
}
