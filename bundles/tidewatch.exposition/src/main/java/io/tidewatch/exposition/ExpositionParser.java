package io.tidewatch.exposition;

import java.io.IOException;
import java.io.InputStream;

/**
 * Parses pages of one source. A line that does not follow the format is reported and left out, and costs no other one.
 * Memory is bounded by the {@link ExpositionLimits}, however long the page is; a page that reads as the one before
 * allocates next to nothing. Not safe for use by several threads.
 *
 * <p>Formats: <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus text format 0.0.4</a> and
 * <a href="https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md">OpenMetrics 1.0</a>, with
 * names in UTF-8 in quotes as of Prometheus 3. Exemplars are skipped. More lenient than both in blanks, in the order of
 * families and in line breaks of Windows.
 */
public final class ExpositionParser {
    private final LineReader lines;
    private final Families families;
    private final SampleLine sample;
    private final int longest;

    public ExpositionParser(ExpositionLimits limits) {
        longest = limits.lineBytes();
        lines = new LineReader(limits);
        families = new Families(limits.families());
        sample = new SampleLine(families, limits.labels());
    }

    /**
     * Parses a page, which is not closed.
     *
     * @param lastLine whether a last line without a line break counts: false where a page may be half written
     * @return how it ended
     * @throws IOException what the stream or the handler throws; samples until then were handed over
     */
    public PageEnding parse(InputStream page, ExpositionFormat format, boolean lastLine, PageHandler handler)
            throws IOException {
        lines.open(page);
        families.begin();
        boolean ended = format == ExpositionFormat.TEXT;
        for (int number = 1; lines.next(); number++) {
            int begin = Families.blanks(lines.buffer, lines.from, lines.to);
            try {
                if (lines.overlong) {
                    throw new MalformedException(
                            1, "expected a line of at most " + longest + " bytes, found a longer one");
                }
                if (begin == lines.to) {
                    continue;
                }
                if (!lines.terminated && !lastLine) {
                    throw new MalformedException(
                            lines.to - begin + 1,
                            "expected a line break, found the end of the page: it is half written");
                }
                if (lines.buffer[begin] != '#') {
                    sample.split(lines.buffer, begin, lines.to, format);
                    handler.sample(sample);
                } else if (families.comment(lines.buffer, begin, lines.to) && format == ExpositionFormat.OPENMETRICS) {
                    ended = true;
                    break;
                }
            } catch (MalformedException e) {
                handler.malformed(
                        number,
                        e.column() + begin - lines.from,
                        String.valueOf(e.getMessage()),
                        Quoted.text(lines.buffer, lines.from, lines.to));
            }
        }
        return lines.cut ? PageEnding.TOO_LONG : ended ? PageEnding.COMPLETE : PageEnding.WITHOUT_EOF;
    }
}
