package io.tidewatch.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples, types and errors of both formats. */
class ExpositionParserTest {
    private static final ExpositionLimits SMALL = new ExpositionLimits(1_000, 60, 3, 4);

    @ParameterizedTest
    @MethodSource
    void aLineIsOneSample(String line, String sample) {
        Parsed parsed = Parsed.text(line + "\n");
        assertThat(parsed.errors).isEmpty();
        assertThat(parsed.samples).containsExactly(sample);
    }

    static Stream<Arguments> aLineIsOneSample() {
        return Stream.of(
                arguments("up 1", "up 1.0"),
                arguments("  up\t 1  ", "up 1.0"),
                arguments("up 1\r", "up 1.0"),
                arguments("up{} 1", "up 1.0"),
                arguments("up {a=\"b\"} 1", "up{a=b} 1.0"),
                arguments("up{a=\"b\"}1", "up{a=b} 1.0"),
                arguments("up{ a = \"b\" , c = \"d\" , } 1", "up{a=b, c=d} 1.0"),
                arguments("up{b=\"2\",a=\"1\"} 1 1700000000123", "up{a=1, b=2} 1.0 @1700000000123"),
                arguments("up 1 -5", "up 1.0 @-5"),
                arguments("job:rate:sum5m_Total 1", "job:rate:sum5m_Total 1.0"),
                arguments("_x{_1=\"\"} 1", "_x 1.0"),
                arguments("a{p=\"C:\\\\dir\\n\\\"q\\\" \\t}\"} 1", "a{p=C:\\dir\n\"q\" \\t}} 1.0"),
                arguments("a{p=\"grüße 字 \uD83D\uDE80\"} 1", "a{p=grüße 字 \uD83D\uDE80} 1.0"),
                arguments("{\"system.cpu\",\"host.name\"=\"x\",b=\"1\"} 2", "system.cpu{b=1, host.name=x} 2.0"),
                arguments("a{le=\"+Inf\"} 3", "a{le=+Inf} 3.0"),
                arguments("a NaN", "a NaN"),
                arguments("a +Inf", "a Infinity"),
                arguments("a -inf", "a -Infinity"),
                arguments("a 1.7976931348623157e+308", "a 1.7976931348623157E308"),
                arguments("a 4.9e-324", "a 4.9E-324"),
                arguments("a 18446744073709551615", "a 1.8446744073709552E19"),
                arguments("a 9007199254740993", "a 9.007199254740992E15"),
                arguments("a 0.1", "a 0.1"),
                arguments("a .5", "a 0.5"),
                arguments("a 5.", "a 5.0"),
                arguments("a -0", "a -0.0"),
                arguments("a 1e3", "a 1000.0"));
    }

    @ParameterizedTest
    @MethodSource
    void aMalformedLineIsNamedWithItsPlaceAndCostsItself(String line, String error) {
        Parsed parsed = Parsed.text("before 1\n" + line + "\nafter 2\n");
        assertThat(parsed.errors).containsExactly(error);
        assertThat(parsed.samples).containsExactly("before 1.0", "after 2.0");
    }

    static Stream<Arguments> aMalformedLineIsNamedWithItsPlaceAndCostsItself() {
        return Stream.of(
                arguments("up", "2:3 expected a number, found the end of the line"),
                arguments("  up", "2:5 expected a number, found the end of the line"),
                arguments("up one", "2:4 expected a number, found 'one'"),
                arguments("up 1_000", "2:4 expected a number, found '1_000'"),
                arguments("up 0x1p3", "2:4 expected a number, found '0x1p3'"),
                arguments("up 1f", "2:4 expected a number, found '1f'"),
                arguments("up 1e", "2:4 expected a number, found '1e'"),
                arguments("up .", "2:4 expected a number, found '.'"),
                arguments("up +nan", "2:4 expected a number, found '+nan'"),
                arguments("up 1 soon", "2:6 expected a number, found 'soon'"),
                arguments("up 1 NaN", "2:6 expected a timestamp, found 'NaN'"),
                arguments("up 1 2 3", "2:8 expected the end of the line, found '3'"),
                arguments("up 1 # {a=\"b\"} 1", "2:6 expected the end of the line, found '# {a=\"b\"} 1'"),
                arguments("2up 1", "2:1 expected the name of a metric, found '2up 1'"),
                arguments("up-time 1", "2:3 expected the name of a metric, found '-time 1'"),
                arguments("{} 1", "2:1 expected the name of a metric, found '{} 1'"),
                arguments("up{a=\"b\" 1", "2:11 expected '}' after the labels, found the end of the line"),
                arguments("up{a=\"b} 1", "2:11 expected '}' after the labels, found the end of the line"),
                arguments("up{a=\"b\\", "2:9 expected '}' after the labels, found the end of the line"),
                arguments("up{a} 1", "2:5 expected '=' after the name of a label, found '} 1'"),
                arguments("up{a=b} 1", "2:6 expected the value of a label in quotes, found 'b} 1'"),
                arguments("up{a=\"b\" c=\"d\"} 1", "2:10 expected ',' or '}' after a label, found 'c=\"d\"} 1'"),
                arguments("up{a=\"b\",,} 1", "2:10 expected the name of a label, found ',} 1'"),
                arguments(
                        "up{a=\"1\",a=\"2\"} 1",
                        "2:10 expected each label once, and none called __name__, found 'a=\"2\"} 1'"),
                arguments(
                        "up{__name__=\"x\"} 1",
                        "2:4 expected each label once, and none called __name__, found '__name__=\"x\"} 1'"),
                arguments("up{a:b=\"1\"} 1", "2:5 expected '=' after the name of a label, found ':b=\"1\"} 1'"),
                arguments(
                        "# TYPE up gage",
                        "2:11 expected counter, gauge, histogram, summary, untyped or a type of OpenMetrics, found 'gage'"),
                arguments("# HELP", "2:7 expected the name of a metric, found the end of the line"));
    }

    @Test
    void bytesThatAreNotUtf8CostTheirLine() {
        byte[] page = "a 1\nb{c=\"xyz\"} 2\nd 3\n".getBytes(StandardCharsets.UTF_8);
        page[10] = (byte) 0xC3;
        Parsed parsed = Parsed.of(ExpositionFormat.TEXT, page);
        assertThat(parsed.samples).containsExactly("a 1.0", "d 3.0");
        assertThat(parsed.errors).containsExactly("2:6 expected UTF-8, found other bytes in 'x\uFFFDz'");
    }

    @Test
    void typesAndHelpBelongToTheSamplesOfTheirFamily() {
        Parsed parsed = Parsed.text(
                """
                # A comment
                #HELP no keyword
                # HELP rx_total Bytes \\\\ of\\nall "links"
                # TYPE rx_total counter
                rx_total{link="a"} 7
                # TYPE temp gauge
                temp 40
                # TYPE took histogram
                took_bucket{le="1"} 1
                took_sum 2
                took_count 3
                tookother 4
                # TYPE wait summary
                wait{quantile="0.5"} 0.1
                wait_sum 5
                wait_count 6
                rx_total{link="b"} 8
                took_sum{a="late"} 9
                nothing_said 10
                # TYPE odd untyped
                odd 11
                # TYPE files_created counter
                files_created 12
                # TYPE "disk.reads" counter
                {"disk.reads",disk="a"} 13
                {disk="b","disk.reads"} 14
                """);
        assertThat(parsed.errors).isEmpty();
        assertThat(parsed.samples)
                .containsExactly(
                        "rx_total{link=a} 7.0 COUNTER+ Bytes \\ of\nall \"links\"",
                        "temp 40.0 GAUGE",
                        "took_bucket{le=1} 1.0 HISTOGRAM+",
                        "took_sum 2.0 HISTOGRAM+",
                        "took_count 3.0 HISTOGRAM+",
                        "tookother 4.0",
                        "wait{quantile=0.5} 0.1 SUMMARY",
                        "wait_sum 5.0 SUMMARY+",
                        "wait_count 6.0 SUMMARY+",
                        "rx_total{link=b} 8.0 COUNTER+ Bytes \\ of\nall \"links\"",
                        "took_sum{a=late} 9.0 HISTOGRAM+",
                        "nothing_said 10.0",
                        "odd 11.0 UNKNOWN",
                        "files_created 12.0 COUNTER+",
                        "disk.reads{disk=a} 13.0 COUNTER+",
                        "disk.reads{disk=b} 14.0 COUNTER+");
    }

    @Test
    void openMetricsHasSecondsExemplarsUnitsAndAnEnd() {
        Parsed parsed = Parsed.of(
                ExpositionFormat.OPENMETRICS,
                """
                # TYPE foo_seconds counter
                # UNIT foo_seconds seconds
                # HELP foo_seconds Help
                foo_seconds_total{a="b"} 17.0 1520879607.789 # {id="x"} 0.67 1520879607.2
                foo_seconds_created 1520430000.123
                # TYPE q gaugehistogram
                q_bucket{le="+Inf"} 5 # {} 1
                q_gcount 5
                # TYPE s stateset
                s{s="on"} 1
                # TYPE v info
                v_info{version="1"} 1
                # EOF
                left over
                """);
        assertThat(parsed.errors).isEmpty();
        assertThat(parsed.samples)
                .containsExactly(
                        "foo_seconds_total{a=b} 17.0 @1520879607789 COUNTER+ Help",
                        "foo_seconds_created 1.520430000123E9 COUNTER Help",
                        "q_bucket{le=+Inf} 5.0 GAUGEHISTOGRAM",
                        "q_gcount 5.0 GAUGEHISTOGRAM",
                        "s{s=on} 1.0 STATESET",
                        "v_info{version=1} 1.0 INFO");
        assertThat(parsed.ending).isEqualTo(PageEnding.COMPLETE);
    }

    @Test
    void anOpenMetricsPageWithoutItsEndIsReportedAsSuch() {
        Parsed parsed = Parsed.of(ExpositionFormat.OPENMETRICS, "a 1\n");
        assertThat(parsed.samples).containsExactly("a 1.0");
        assertThat(parsed.ending).isEqualTo(PageEnding.WITHOUT_EOF);
    }

    @Test
    void theFormatIsThatOfTheContentType() {
        assertThat(ExpositionFormat.of("application/openmetrics-text; version=1.0.0; charset=utf-8"))
                .isEqualTo(ExpositionFormat.OPENMETRICS);
        assertThat(ExpositionFormat.of("text/plain; version=0.0.4")).isEqualTo(ExpositionFormat.TEXT);
        assertThat(ExpositionFormat.of("")).isEqualTo(ExpositionFormat.TEXT);
    }

    @Test
    void aLastLineWithoutABreakCountsOnlyWhereThePageIsWhole() {
        assertThat(Parsed.text("a 1\nb 23").samples).containsExactly("a 1.0", "b 23.0");
        Parsed half = Parsed.of(
                new ExpositionParser(ExpositionLimits.DEFAULT), ExpositionFormat.TEXT, stream("a 1\nb 23"), false);
        assertThat(half.samples).containsExactly("a 1.0");
        assertThat(half.errors)
                .containsExactly("2:5 expected a line break, found the end of the page: it is half written");
    }

    @Test
    void aLineThatIsTooLongCostsItself() {
        ExpositionParser parser = new ExpositionParser(SMALL);
        String page = "a 1\nlong{x=\"" + "y".repeat(500) + "\"} 2\nb 3\n" + "#".repeat(61) + "\nc 4\n" + "z".repeat(70);
        Parsed parsed = Parsed.of(parser, ExpositionFormat.TEXT, stream(page), true);
        assertThat(parsed.samples).containsExactly("a 1.0", "b 3.0", "c 4.0");
        assertThat(parsed.errors)
                .containsExactly(
                        "2:1 expected a line of at most 60 bytes, found a longer one",
                        "4:1 expected a line of at most 60 bytes, found a longer one",
                        "6:1 expected a line of at most 60 bytes, found a longer one");
    }

    @Test
    void aPageThatIsTooLongIsCutBehindItsLastWholeLine() {
        ExpositionParser parser = new ExpositionParser(SMALL.withPageBytes(10));
        Parsed parsed = Parsed.of(parser, ExpositionFormat.TEXT, stream("a 1\nb 2\nc 345\n"), true);
        assertThat(parsed.samples).containsExactly("a 1.0", "b 2.0");
        assertThat(parsed.errors).isEmpty();
        assertThat(parsed.ending).isEqualTo(PageEnding.TOO_LONG);

        Parsed next = Parsed.of(parser, ExpositionFormat.TEXT, stream("a 1\nb 2345"), true);
        assertThat(next.samples).as("exactly as long as allowed").containsExactly("a 1.0", "b 2345.0");
        assertThat(next.ending).isEqualTo(PageEnding.COMPLETE);
    }

    @Test
    void labelsAndFamiliesAreBounded() {
        ExpositionParser parser = new ExpositionParser(SMALL);
        StringBuilder page = new StringBuilder("a{b=\"1\",c=\"2\",d=\"3\",e=\"4\"} 1\n");
        for (int i = 0; i < 50; i++) {
            page.append("# TYPE f").append(i).append(" gauge\nf").append(i).append(" 1\n");
        }
        Parsed parsed = Parsed.of(
                new ExpositionParser(new ExpositionLimits(10_000, 60, 3, 4)),
                ExpositionFormat.TEXT,
                stream(page.toString()),
                true);
        assertThat(parsed.errors).containsExactly("1:21 expected at most 3 labels, found 'e=\"4\"} 1'");
        assertThat(parsed.samples).hasSize(50).allMatch(sample -> sample.endsWith("GAUGE"));
        assertThat(Parsed.of(parser, ExpositionFormat.TEXT, stream("f49 1\n"), true).samples)
                .containsExactly("f49 1.0");
    }

    /** Names with an id in them are new with each page. */
    @Test
    void familiesOfPagesBeforeLeaveRoomForOthers() {
        ExpositionParser parser = new ExpositionParser(SMALL);
        for (int page = 0; page < 5; page++) {
            String text = "# TYPE a counter\n# TYPE b counter\na 1\nb 2\n".replaceAll("\\b([ab])\\b", "$1" + page);
            assertThat(Parsed.of(parser, ExpositionFormat.TEXT, stream(text), true).samples)
                    .as("page " + page)
                    .allMatch(sample -> sample.endsWith(" COUNTER+"))
                    .hasSize(2);
        }
    }

    @Test
    void aFamilyIsTheSameObjectUntilItsLinesChange() throws Exception {
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        ByteMap<MetricFamily> kept = new ByteMap<>();
        String page = "# HELP a Text\n# TYPE a counter\na{b=\"c\"} 1\n";
        assertThat(familyOf(parser, page, kept)).isNull();
        MetricFamily first = kept.get("a{b=\"c\"}".getBytes(StandardCharsets.UTF_8), 0, 8);
        assertThat(first).isNotNull();
        assertThat(familyOf(parser, page, kept)).isSameAs(first);
        familyOf(parser, page.replace("counter", "gauge"), kept);
        MetricFamily changed = kept.get("a{b=\"c\"}".getBytes(StandardCharsets.UTF_8), 0, 8);
        assertThat(changed).isEqualTo(new MetricFamily("a", MetricFamily.Type.GAUGE, "Text"));
    }

    /** Parses a page of one sample; returns what was kept for its series before. */
    private static MetricFamily familyOf(ExpositionParser parser, String page, ByteMap<MetricFamily> kept)
            throws Exception {
        MetricFamily[] before = new MetricFamily[1];
        parser.parse(stream(page), ExpositionFormat.TEXT, true, new PageHandler() {
            @Override
            public void sample(SampleLine line) {
                before[0] = line.get(kept);
                line.put(kept, line.family());
            }

            @Override
            public void malformed(int line, int column, String message, String text) {
                throw new AssertionError(message);
            }
        });
        return before[0];
    }

    private static InputStream stream(String page) {
        return new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8));
    }
}
