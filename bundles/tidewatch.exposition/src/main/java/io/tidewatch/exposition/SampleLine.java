package io.tidewatch.exposition;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A sample as it stands in its line: value and time are parsed, the series is a range of bytes. A caller that keeps what it
 * made of a series in a {@link ByteMap} finds it again there without reading names and labels anew. Reused for each line;
 * valid until {@link PageHandler#sample} returns.
 */
public final class SampleLine {
    private static final String NAME_LABEL = "__name__";
    private static final Pattern ESCAPES = Pattern.compile("\\\\([\\\\n\"])");

    private final Families families;
    private final int mostLabels;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

    private byte[] line = new byte[0];
    private int begin;
    private int from;
    private int nameEnd;
    private int seriesEnd;
    private int end;
    private int at;
    private double value;
    private boolean timed;
    private long timeMillis;

    SampleLine(Families families, int mostLabels) {
        this.families = families;
        this.mostLabels = mostLabels;
    }

    /** Returns the value; NaN and infinities are values. */
    public double value() {
        return value;
    }

    public boolean hasTimestamp() {
        return timed;
    }

    /** Returns its timestamp in milliseconds since 1970; 0 without one. */
    public long timestampMillis() {
        return timeMillis;
    }

    /** Returns the family that the sample belongs to, the same object until its comment lines change; null if there is none. */
    public @Nullable MetricFamily family() {
        if (nameEnd > from) {
            return families.of(line, from, nameEnd);
        }
        try {
            byte[] quoted = series().name().getBytes(StandardCharsets.UTF_8);
            return families.of(quoted, 0, quoted.length);
        } catch (MalformedException e) {
            return null; // reading the series throws it
        }
    }

    /** Returns what {@link #put} kept for this series, or null. */
    public <V> @Nullable V get(ByteMap<V> map) {
        return map.get(line, from, seriesEnd);
    }

    /** Keeps something for this series, by the text that names it. */
    public <V> void put(ByteMap<V> map, V kept) {
        map.put(line, from, seriesEnd, kept);
    }

    /** Returns the name of the metric as it stands before its labels; empty if it is in quotes among them. */
    String name() {
        return new String(line, from, nameEnd - from, StandardCharsets.UTF_8);
    }

    <V> @Nullable V getName(ByteMap<V> map) {
        return map.get(line, from, nameEnd);
    }

    <V> void putName(ByteMap<V> map, V kept) {
        map.put(line, from, nameEnd, kept);
    }

    /** Splits a line into series, value and timestamp. The text of the series is not checked before {@link #series}. */
    void split(byte[] bytes, int first, int last, ExpositionFormat format) throws MalformedException {
        line = bytes;
        begin = first;
        end = last;
        at = first;
        skipBlanks();
        from = at;
        scanSeries();
        seriesEnd = at;
        skipBlanks();
        int token = at;
        skipToken();
        value = Numbers.parse(line, token, at, column(token));
        skipBlanks();
        timed = at < end && line[at] != '#';
        timeMillis = 0;
        if (timed) {
            token = at;
            skipToken();
            timeMillis = timestamp(token, at, format);
            skipBlanks();
        }
        boolean exemplar = format == ExpositionFormat.OPENMETRICS && at < end && line[at] == '#';
        if (at < end && !exemplar) {
            throw malformed(at, "the end of the line");
        }
    }

    private long timestamp(int token, int tokenEnd, ExpositionFormat format) throws MalformedException {
        double time = Numbers.parse(line, token, tokenEnd, column(token));
        double millis = format == ExpositionFormat.OPENMETRICS ? time * 1000 : time;
        // Beyond, a double does not hold every millisecond; it is the year 287396.
        if (!(Math.abs(millis) <= 1L << 53)) {
            throw malformed(token, "a timestamp");
        }
        return Math.round(millis);
    }

    private void scanSeries() throws MalformedException {
        while (at < end && line[at] != '{' && line[at] != ' ' && line[at] != '\t') {
            at++;
        }
        nameEnd = at;
        int afterName = at;
        skipBlanks();
        if (at == end || line[at] != '{') {
            at = afterName;
            return;
        }
        boolean quoted = false;
        for (at++; at < end; at++) {
            byte c = line[at];
            if (quoted && c == '\\') {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '}' && !quoted) {
                at++;
                return;
            }
        }
        at = end;
        throw malformed(end, "'}' after the labels");
    }

    /** @throws MalformedException if names and labels do not follow the format, or are more than allowed */
    public SeriesName series() throws MalformedException {
        at = from;
        String name = nameEnd > from ? identifier(nameEnd, true) : "";
        SortedMap<String, String> labels = new TreeMap<>();
        skipBlanks();
        if (at < seriesEnd && line[at] == '{') {
            at++;
            name = labels(name, labels);
        }
        if (name.isEmpty()) {
            throw malformed(from, "the name of a metric");
        }
        labels.values().removeIf(String::isEmpty);
        return new SeriesName(name, labels);
    }

    private String labels(String given, SortedMap<String, String> labels) throws MalformedException {
        String name = given;
        skipBlanks();
        for (int count = 0; line[at] != '}'; count++) {
            if (count == mostLabels) {
                throw malformed(at, "at most " + mostLabels + " labels");
            }
            int start = at;
            boolean quoted = line[at] == '"';
            String label = quoted ? quoted() : identifier(seriesEnd, false);
            skipBlanks();
            if (quoted && line[at] != '=' && name.isEmpty()) {
                name = label;
            } else {
                label(label, start, labels);
            }
            skipBlanks();
            if (line[at] == ',') {
                at++;
                skipBlanks();
            } else if (line[at] != '}') {
                throw malformed(at, "',' or '}' after a label");
            }
        }
        return name;
    }

    private void label(String label, int start, SortedMap<String, String> labels) throws MalformedException {
        if (line[at] != '=') {
            throw malformed(at, "'=' after the name of a label");
        }
        at++;
        skipBlanks();
        if (line[at] != '"') {
            throw malformed(at, "the value of a label in quotes");
        }
        if (label.equals(NAME_LABEL) || labels.put(label, quoted()) != null) {
            throw malformed(start, "each label once, and none called " + NAME_LABEL);
        }
    }

    /** Reads {@code [a-zA-Z_][a-zA-Z0-9_]*}, in the name of a metric also colons. */
    private String identifier(int limit, boolean colons) throws MalformedException {
        int start = at;
        while (at < limit && isOfName(line[at], at > start, colons)) {
            at++;
        }
        if (at == start || (colons && at < limit)) {
            throw malformed(at, colons ? "the name of a metric" : "the name of a label");
        }
        return new String(line, start, at - start, StandardCharsets.US_ASCII);
    }

    /** Reads a text in quotes; escapes are backslash, quote and n, and others stand for themselves, as for Prometheus. */
    private String quoted() throws MalformedException {
        int start = ++at;
        boolean escaped = false;
        // The closing quote is there: scanSeries has seen it.
        for (; line[at] != '"'; at++) {
            if (line[at] == '\\') {
                escaped = true;
                at++;
            }
        }
        String text = decoded(start, at++);
        return escaped ? Families.unescaped(text, ESCAPES) : text;
    }

    private String decoded(int start, int stop) throws MalformedException {
        try {
            return utf8.decode(ByteBuffer.wrap(line, start, stop - start)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException(
                    column(start), "expected UTF-8, found other bytes in " + Quoted.of(line, start, stop));
        }
    }

    private void skipBlanks() {
        at = Families.blanks(line, at, end);
    }

    private void skipToken() {
        at = Families.token(line, at, end);
    }

    private int column(int position) {
        return position - begin + 1;
    }

    private MalformedException malformed(int position, String expected) {
        return new MalformedException(
                column(position), "expected " + expected + ", found " + Quoted.of(line, position, end));
    }

    private static boolean isOfName(byte c, boolean inside, boolean colons) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (inside && c >= '0' && c <= '9')
                || (colons && c == ':');
    }
}
