package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.jsonlines.LineWriter;
import io.tidewatch.jsonlines.WireLabels;
import io.tidewatch.jsonlines.WireRules;
import io.tidewatch.store.sqlite.history.ReadOnlyDatabase;
import io.tidewatch.store.sqlite.history.SampleScan;
import io.tidewatch.store.sqlite.history.SeriesCatalogue;
import io.tidewatch.store.sqlite.history.StoredSample;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes samples of a database, that of a running agent or another, as gzip-compressed JSON lines for {@code
 * /api/v1/import} of VictoriaMetrics. Memory is bounded however many there are, and the same samples give the same bytes.
 * What the importer would drop or mix up in silence is left out and counted.
 */
public final class Export {
    private static final int BUFFER = 16 << 10;

    /** As many samples in a line as compress best: longer ones leave the reach of gzip. */
    private static final int LINE_VALUES = 100;

    private final SeriesCatalogue series;
    private final LineWriter writer;
    private final long horizon;
    private final Map<Integer, Optional<String>> objections = new HashMap<>();
    private final TreeMap<String, Long> leftOut = new TreeMap<>();
    private long samples;
    private long lines;
    private long ahead;

    private Export(SeriesCatalogue series, LineWriter writer, Clock clock) {
        this.series = series;
        this.writer = writer;
        horizon = WireRules.horizon(clock.instant()).toEpochMilli();
    }

    /**
     * Runs an export. If it fails there is no new file, and one of the same name is as it was.
     *
     * @param out standard output, which throws what goes wrong
     * @throws StoreException if the database cannot be read
     * @throws ExportException if the file cannot be written
     */
    public static ExportReport run(ExportRequest request, Clock clock, OutputStream out)
            throws StoreException, ExportException {
        WholeFile.requireApart(request.output(), request.database());
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(request.database());
                WholeFile file = request.isToStandardOutput() ? null : WholeFile.create(request.output())) {
            // The end first: every sample before it belongs to a series that is read next.
            long until = Math.min(request.until(), SampleScan.end(database));
            SeriesCatalogue series = SeriesCatalogue.read(database, any -> true);
            SampleScan scan = new SampleScan(
                    database, series, request.from(), until, true, 0, request.pendingOnly(), SampleScan.PAGE);
            Gzip gzip = new Gzip(file == null ? out : file.stream());
            Export export;
            try (gzip;
                    LineWriter writer = new LineWriter(gzip)) {
                export = new Export(series, writer, clock);
                export.write(scan);
            }
            if (file != null) {
                file.complete();
            }
            return export.report(gzip.size);
        } catch (IOException e) {
            if (request.isToStandardOutput()) {
                throw new ExportException("Writing to standard output failed: " + FileFailure.reason(e), e);
            }
            throw new ExportException(
                    "Writing " + request.output() + " failed: " + FileFailure.reason(e)
                            + ". Check that its folder exists, has room, and can be written by this user",
                    e);
        }
    }

    private void write(SampleScan scan) throws StoreException, IOException {
        LineBuffers buffers = new LineBuffers(LINE_VALUES, this::writeLine);
        for (List<StoredSample> page = scan.next(); page != null; page = scan.next()) {
            for (StoredSample sample : page) {
                Optional<String> objection = objection(sample.of());
                if (objection.isPresent()) {
                    leftOut.merge(objection.get(), 1L, Long::sum);
                } else {
                    buffers.add(sample.of(), sample.time(), sample.number());
                }
            }
        }
        buffers.flush();
    }

    private void writeLine(StoredSeries of, SeriesSamples line) throws IOException {
        int from = 0;
        for (int i = 0; i < line.size(); i++) {
            Optional<String> objection = WireRules.objection(line, i);
            if (objection.isPresent()) {
                leftOut.merge(objection.get(), 1L, Long::sum);
                writeSlice(line, from, i);
                from = i + 1;
            } else if (line.timestamp(i) >= horizon) {
                ahead++;
            }
        }
        writeSlice(line, from, line.size());
    }

    private void writeSlice(SeriesSamples line, int from, int to) throws IOException {
        if (to > from) {
            writer.write(new Slice(line, from, to));
            samples += to - from;
            lines++;
        }
    }

    private Optional<String> objection(StoredSeries of) {
        return objections.computeIfAbsent(of.id(), id -> {
            if (of.isText()) {
                return Optional.of(ExportReport.TEXT);
            }
            Optional<String> objection = WireRules.objection(of.series());
            return objection.isEmpty() && WireRules.hasEmptyTag(of.series()) && hasTwin(of.series())
                    ? Optional.of("label_value_empty")
                    : objection;
        });
    }

    /** Whether the server would take another series for the same one. */
    private boolean hasTwin(Series one) {
        return series.all().stream()
                .anyMatch(other ->
                        !other.isText() && !other.series().equals(one) && WireLabels.same(one, other.series()));
    }

    private ExportReport report(long bytes) {
        int written =
                (int) objections.values().stream().filter(Optional::isEmpty).count();
        return new ExportReport(samples, written, lines, bytes, ahead, leftOut);
    }

    /** The fastest level: the next ones cost a small processor a multiple for a tenth of the bytes. */
    private static final class Gzip extends GZIPOutputStream {
        private static final int HEADER_AND_TRAILER = 18;
        private long size;

        Gzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }

        /** Writes the rest, and leaves the file or standard output open. */
        @Override
        public void close() throws IOException {
            try {
                finish();
                out.flush();
                size = def.getBytesWritten() + HEADER_AND_TRAILER;
            } finally {
                def.end();
            }
        }
    }
}
