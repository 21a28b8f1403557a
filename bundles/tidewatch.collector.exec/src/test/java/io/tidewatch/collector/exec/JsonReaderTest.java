package io.tidewatch.collector.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.exposition.DropCounts;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.exposition.PageSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class JsonReaderTest {
    private static final String DOCUMENT =
            "{\"uplink\":{\"rtt_ms\":31.5,\"up\":true,\"down\":false,\"loss\":null,\"text\":\" 1e3 \"},"
                    + "\"site\":\"studio\",\"links\":["
                    + "{\"name\":\"wwan0\",\"bitrate\":100,\"sim\":[{\"n\":1,\"id\":\"a\"},{\"n\":2,\"id\":\"b\"}]},"
                    + "{\"name\":\"wwan1\",\"bitrate\":\"200\",\"sim\":[]}],"
                    + "\"none\":[],\"big\":{\"x\":[[[{}]]]}}";

    private final Diagnostics diagnostics = new Diagnostics();
    private final DropCounts drops = new DropCounts("exec");
    private final PageSamples page = new PageSamples(PageSettings.DEFAULT, drops, System::nanoTime);

    @Example
    void numbersBooleansAndNumericTexts() throws Exception {
        assertThat(read("uplink.rtt_ms:a, uplink.up:b, uplink.down:c, uplink.text:d, links[1].bitrate:e", DOCUMENT))
                .containsExactly("a{}=31.5", "b{}=1.0", "c{}=0.0", "d{}=1000.0", "e{}=200.0");
        assertThat(diagnostics.list()).isEmpty();
    }

    @Example
    void elementsOfArraysHaveTheirLabels() throws Exception {
        assertThat(read("links[*].bitrate : rate{link=links[*].name, site=site}", DOCUMENT))
                .containsExactly("rate{link=wwan0, site=studio}=100.0", "rate{link=wwan1, site=studio}=200.0");
        assertThat(read("links[*].sim[*].n : n{link=links[*].name, sim=links[*].sim[*].id}", DOCUMENT))
                .containsExactly("n{link=wwan0, sim=a}=1.0", "n{link=wwan0, sim=b}=2.0");
        assertThat(read("[*][1] : x{i=[*][0]}", "[[\"a\",1],[7,2],[true,3]]"))
                .containsExactly("x{i=a}=1.0", "x{i=7}=2.0", "x{i=true}=3.0");
        assertThat(diagnostics.list()).isEmpty();
    }

    @Example
    void nullAndAnEmptyArrayAreNoValueAndNoDamage() throws Exception {
        assertThat(read("uplink.loss:a, none[*].x:b, uplink.loss.deeper:c", DOCUMENT))
                .isEmpty();
        assertThat(diagnostics.list()).isEmpty();
    }

    @Example
    void aMissingPathIsNamedOnce() throws Exception {
        assertThat(read("uplink.rtt:a, links[*].rate:b, links[7].bitrate:c, site.x:d, uplink.rtt_ms:e", DOCUMENT))
                .containsExactly("e{}=31.5");
        assertThat(diagnostics.list())
                .extracting(Diagnostic::message)
                .containsExactly(
                        "uplink.rtt is missing in the output; correct or remove it in values",
                        "links[*].rate is missing in the output; correct or remove it in values",
                        "links[7].bitrate is missing in the output; correct or remove it in values",
                        "site.x is missing in the output; correct or remove it in values");
        assertThat(dropped()).isEmpty();
    }

    @Example
    void anElementThatLacksTheFieldIsLeftOut() throws Exception {
        assertThat(read("[*].v:x{n=[*].n}", "[{\"n\":1,\"v\":1},{\"n\":2}]")).containsExactly("x{n=1}=1.0");
        assertThat(diagnostics.list()).isEmpty();
    }

    @Example
    void whatIsNoNumberOrHasNoLabelIsNamedAndCounted() throws Exception {
        assertThat(read("links[*].name:a, uplink:b, big.x:c, links[*].bitrate:d{x=links[*].none}", DOCUMENT))
                .isEmpty();
        assertThat(diagnostics.list())
                .extracting(Diagnostic::message)
                .containsExactly(
                        "links[0].name is 'wwan0' and no number, and 1 more",
                        "uplink is an object and no number",
                        "big.x is an array and no number",
                        "links[0].bitrate has no label x, as links[*].none is missing, and 1 more");
        assertThat(dropped()).containsOnly(Map.entry("malformed", 6.0));
    }

    @Example
    void aNumberThatIsNotFiniteIsCounted() throws Exception {
        assertThat(read("a:a, b:b", "{\"a\":NaN,\"b\":\"inf\"}")).isEmpty();
        assertThat(dropped()).containsOnly(Map.entry("not_finite", 2.0));
    }

    @Example
    void theSameSeriesTwiceIsReported() throws Exception {
        assertThat(read("links[*].bitrate:rate", DOCUMENT)).containsExactly("rate{}=100.0");
        assertThat(dropped()).containsOnly(Map.entry("duplicate", 1.0));
    }

    @Example
    void aNameThatEndsInTotalIsACounter() throws Exception {
        read("a:x_total, b:y", "{\"a\":1,\"b\":2}");
        assertThat(page.list()).extracting(sample -> sample.metric().kind()).containsExactly(Kind.COUNTER, Kind.GAUGE);
    }

    @Example
    void whatIsNoDocumentIsRefusedWithItsPlace() {
        refuses("", "expected a JSON document, found nothing");
        refuses("{\"a\":1", "at line 1, column 7");
        refuses("{\"a\":1}\n{\"a\":2}", "expected one JSON document, found a second one at line 2, column 1");
        refuses("modem not found", "Unrecognized token 'modem'");
        refuses("[".repeat(200), "nesting depth");
        refuses("{\"a\":\"\u00e9", "at line 1");
    }

    @Example
    void bytesThatAreNoUtf8AreRefused() {
        assertThatThrownBy(() -> reader("a:a")
                        .read(
                                new ByteArrayInputStream(
                                        new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'}),
                                page,
                                diagnostics))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("UTF-8");
    }

    @Example
    void aHugeArrayIsBounded() throws Exception {
        String huge = "{\"a\":[" + "1,".repeat(400_000) + "1],\"b\":[" + "[],".repeat(400_000) + "[]]}";
        assertThat(read("a[*]:a, b[*][*]:b", huge)).hasSize(1);
        assertThat(diagnostics.list()).extracting(Diagnostic::severity).contains(Diagnostic.Severity.LIMITED);
    }

    @Property(tries = 500)
    void damagedDocumentsAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = DOCUMENT.getBytes(StandardCharsets.UTF_8);
        byte[] likely = "{}[]\",:0-eE.\\\0\u00ff ntf".getBytes(StandardCharsets.UTF_8);
        for (int edits = random.nextInt(6); edits >= 0; edits--) {
            bytes[random.nextInt(bytes.length)] = likely[random.nextInt(likely.length)];
        }
        page.begin();
        try {
            reader("uplink.rtt_ms:a, links[*].bitrate:rate{link=links[*].name}")
                    .read(new ByteArrayInputStream(bytes), page, diagnostics);
            assertThat(page.size()).isLessThanOrEqualTo(3);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private Map<String, Double> dropped() {
        return drops.samples().stream()
                .collect(Collectors.toMap(sample -> sample.tagValues().get(0), Sample::value));
    }

    private JsonReader reader(String values) {
        return new JsonReader(JsonValueParser.parse("values", values), Kind.GAUGE, drops);
    }

    private List<String> read(String values, String document) throws IOException {
        page.begin();
        diagnostics.clear();
        reader(values).read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)), page, diagnostics);
        return page.list().stream()
                .map(sample -> {
                    Map<String, String> labels = new TreeMap<>();
                    for (int i = 0; i < sample.tagValues().size(); i++) {
                        labels.put(
                                sample.metric().tags().get(i),
                                sample.tagValues().get(i));
                    }
                    return sample.metric().name() + labels + "=" + sample.value();
                })
                .toList();
    }

    private void refuses(String document, String why) {
        assertThatThrownBy(() -> read("a:a", document))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }
}
