package io.tidewatch.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Pages made at random. */
class ExpositionFuzzTest {
    private static final List<String> PAGE = List.of(
            "# HELP a_total Help \\\\ \\n text",
            "# TYPE a_total counter",
            "a_total{x=\"1\",y=\"a\\\"b\\\\c\\n\"} 12.5 1700000000000",
            "a_total{x=\"2\"} 1e-7",
            "# TYPE h histogram",
            "h_bucket{le=\"+Inf\"} 3",
            "h_sum 4.25",
            "plain NaN",
            "{\"quoted.name\",k=\"v\"} 5");

    record Line(String name, SortedMap<String, String> labels, double value) {
        String written() {
            StringBuilder text = new StringBuilder(name).append('{');
            labels.forEach((label, content) -> text.append(label)
                    .append("=\"")
                    .append(content.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                    .append("\","));
            return text.append("} ").append(value).toString().replace("Infinity", "Inf");
        }

        String expected() {
            SortedMap<String, String> present = new TreeMap<>(labels);
            present.values().removeIf(String::isEmpty);
            return name + (present.isEmpty() ? "" : present) + " " + value;
        }
    }

    @Provide
    Arbitrary<List<Line>> lines() {
        Arbitrary<String> name = Arbitraries.strings()
                .withChars("abzAZ_:09")
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(text -> !Character.isDigit(text.charAt(0)));
        Arbitrary<String> label = name.map(text -> "l" + text.replace(":", ""));
        // Text without lone surrogates, which UTF-8 cannot hold.
        Arbitrary<String> value = Arbitraries.strings()
                .ofMaxLength(20)
                .filter(text -> text.equals(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)))
                .filter(text -> !text.contains("\r"));
        Arbitrary<Map<String, String>> labels = Arbitraries.maps(label, value).ofMaxSize(6);
        return Combinators.combine(name, labels, Arbitraries.doubles().ofScale(5))
                .as((metric, map, number) -> new Line(metric, new TreeMap<>(map), number))
                .list()
                .ofMaxSize(12);
    }

    @Property(tries = 500)
    void whatIsWrittenIsRead(@ForAll("lines") List<Line> lines) {
        Parsed parsed = Parsed.text(String.join(
                "", lines.stream().map(line -> line.written() + "\n").toList()));
        assertThat(parsed.errors).isEmpty();
        assertThat(parsed.samples)
                .containsExactlyElementsOf(lines.stream().map(Line::expected).toList());
    }

    @Property(tries = 500)
    void anyBytesAreReadInBoundsHoweverTheyArrive(@ForAll byte[] noise, @ForAll @IntRange(min = 1, max = 7) int step) {
        ExpositionLimits limits = new ExpositionLimits(4_000, 50, 3, 3);
        // Bytes that mean something are rare among random ones.
        byte[] alphabet = "ab{}\"\\=, \n\r#TYPE 01.e+-NI".getBytes(StandardCharsets.UTF_8);
        byte[] page = noise.clone();
        for (int i = 0; i < page.length; i++) {
            if (i % 5 != 0) {
                page[i] = alphabet[(page[i] & 0xFF) % alphabet.length];
            }
        }
        for (ExpositionFormat format : ExpositionFormat.values()) {
            Parsed whole = Parsed.of(new ExpositionParser(limits), format, new ByteArrayInputStream(page), true);
            Parsed parts = Parsed.of(new ExpositionParser(limits), format, drip(page, step), true);
            assertThat(parts.samples).isEqualTo(whole.samples);
            assertThat(parts.errors).isEqualTo(whole.errors);
            assertThat(parts.ending).isEqualTo(whole.ending);
        }
    }

    @Property(tries = 1000)
    void aDamagedSampleLeavesTheOthersAsTheyAre(
            @ForAll @IntRange(max = 80) int which, @ForAll @IntRange(max = 80) int place, @ForAll byte damage) {
        if (damage == '\n') {
            return;
        }
        List<byte[]> lines = new ArrayList<>();
        PAGE.forEach(line -> lines.add(line.getBytes(StandardCharsets.UTF_8)));
        List<byte[]> ofSamples = lines.stream().filter(line -> line[0] != '#').toList();
        byte[] damaged = ofSamples.get(which % ofSamples.size());
        damaged[place % damaged.length] = damage;
        List<String> others = new ArrayList<>(Parsed.text(String.join("\n", PAGE) + "\n").samples);
        others.remove(which % ofSamples.size());
        Parsed parsed = Parsed.of(ExpositionFormat.TEXT, joined(lines));
        assertThat(parsed.samples).containsSubsequence(others);
        assertThat(parsed.samples.size() + parsed.errors.size()).isBetween(others.size(), others.size() + 1);
    }

    @Property(tries = 1000)
    void numbersAreTheNearestDoubles(@ForAll double number, @ForAll @IntRange(min = 1, max = 17) int digits)
            throws MalformedException {
        for (String text : List.of(
                Double.toString(number),
                String.format(Locale.ROOT, "%." + digits + "g", number),
                String.format(Locale.ROOT, "%." + digits + "e", number),
                new BigDecimal(number).toPlainString())) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertThat(Numbers.parse(bytes, 0, bytes.length, 1)).isEqualTo(Double.parseDouble(text));
        }
    }

    private static byte[] joined(List<byte[]> lines) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            page.writeBytes(line);
            page.write('\n');
        }
        return page.toByteArray();
    }

    /** A stream that gives a few bytes at a time. */
    private static InputStream drip(byte[] page, int step) {
        return new ByteArrayInputStream(page) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, step));
            }
        };
    }
}
