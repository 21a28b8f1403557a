package io.tidewatch.itest.rivals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class RivalsPageTest {
    private static final Path FIXTURE = Path.of("src/test/resources/rivals/rivals.json");
    private static final RivalsPage SHIPPED = new RivalsPage(Path.of("../../docs"));
    private static final String TABLE =
            """
            | | alpha | beta & co |
            |---|---|---|
            | resident memory (RSS), MB | 75.0 (74.0–76.0) | **4.0** |
            | proportional (PSS), MB | 70.0 (69.0–71.0) | **2.0** |
            | anonymous, MB | 37.5 (36.5–38.5) | **1.0** |
            | the most ever resident, MB | 88.0 | **4.0** |
            | threads | 20 (20–21) | **11** |
            | processor time, s per minute | 0.22 (0.10–0.30) | **0.01** |
            | wakeups per second | 5.0 (4.0–5.0) | **1.0** |
            | from start to first sample at the server, s | 8.0 (7.0–9.0) | **1.0** |
            | processor time until then, s | 2.38 (2.25–2.50) | **0.01** |
            | series | 45 | 1,200 |
            | samples per minute | 270 | 7,200 |
            | on the wire, bytes per sample | **13.0** (12.0–13.0) | 60.0 |
            | age of the newest sample, s | **4.0** (1.0–33.0) | 9.0 |
            | written to disk, bytes per sample | 100 (100–110) | **0** |
            | **outage**: samples lost, of those expected | **0** of 810 (0 %) | 21,000 of 21,600 (97 %) |
            | fresh samples again after, s | **12.5** | never |
            | everything late had come after, s | **14.0** | – |
            | on the wire until then, bytes per sample | **4.5** | – |
            | written to disk meanwhile, bytes per sample | 133 | **0** |
            | installed, MB | 190: alpha 10, Java 180 | **2** |
            """;

    @TempDir
    private Path docs;

    @Test
    void laysOutTheFiguresAsATable() throws Exception {
        assertThat(RivalsTable.of(RivalsResult.read(FIXTURE)))
                .containsExactlyElementsOf(TABLE.lines().toList());
    }

    @Test
    void barsAreInProportionAndReadByAnyReaderOfXml() throws Exception {
        Element image = image(RivalsChart.of(RivalsResult.read(FIXTURE)));
        List<String> texts = texts(image);
        assertThat(texts).contains("alpha", "beta & co", "75.0", "4.0", "nothing came late", "97");
        List<Double> widths = new ArrayList<>();
        NodeList bars = image.getElementsByTagName("rect");
        for (int i = 1; i < bars.getLength(); i++) {
            Element bar = (Element) bars.item(i);
            widths.add(Double.parseDouble(bar.getAttribute("width")));
            double right = Double.parseDouble(bar.getAttribute("x")) + Double.parseDouble(bar.getAttribute("width"));
            assertThat(right).isLessThan(Double.parseDouble(image.getAttribute("width")));
            assertThat(Double.parseDouble(bar.getAttribute("y")) + 18)
                    .isLessThan(Double.parseDouble(image.getAttribute("height")));
        }
        assertThat(widths).as("two bars in each of five panels").hasSize(10);
        assertThat(widths.get(1) / widths.get(0)).isBetween(4 / 75.0 - 0.001, 4 / 75.0 + 0.001);
    }

    @Test
    void rewritesItsPartOfThePageAndNothingElse() throws Exception {
        Files.writeString(
                docs.resolve("benchmarks.md"),
                "# Before\n\n<!-- rivals: ./bench rivals --docs writes from here -->\nearlier figures\n<!-- rivals: to here -->\n\n## After\n");
        RivalsResult result = RivalsResult.read(FIXTURE);
        RivalsPage page = new RivalsPage(docs);
        page.write(result);
        String once = Files.readString(docs.resolve("benchmarks.md"));
        assertThat(once)
                .startsWith(
                        "# Before\n\n<!-- rivals: ./bench rivals --docs writes from here -->\n\nTaken 2026-01-02T03:04:00Z on 4"
                                + " cores")
                .endsWith("\n\n<!-- rivals: to here -->\n\n## After\n")
                .contains(TABLE)
                .doesNotContain("earlier figures");
        assertThat(once.lines().filter(line -> !line.startsWith("|")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        page.write(RivalsResult.read(page.figures()));
        assertThat(docs.resolve("benchmarks.md")).hasContent(once);
        assertThat(page.chart()).hasContent(RivalsChart.of(result));
    }

    @Test
    void leavesAPageAloneThatLacksItsMarks() throws Exception {
        Files.writeString(docs.resolve("benchmarks.md"), "# Mine\n");
        assertThatThrownBy(() -> new RivalsPage(docs).write(RivalsResult.read(FIXTURE)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("benchmarks.md must hold this line once: <!-- rivals:");
        assertThat(docs.resolve("benchmarks.md")).hasContent("# Mine\n");
        assertThat(docs.resolve("benchmarks")).doesNotExist();
    }

    /** {@code ./bench rivals --docs --from docs/benchmarks/rivals.json} makes them so. */
    @Test
    void whatIsShippedIsMadeOfTheFiguresBesideIt() throws Exception {
        RivalsResult shipped = RivalsResult.read(SHIPPED.figures());
        assertThat(SHIPPED.written()).isEqualTo(String.join("\n", RivalsPage.lines(shipped)));
        assertThat(SHIPPED.chart()).hasContent(RivalsChart.of(shipped));
        assertThat(Files.size(SHIPPED.figures())).isLessThan(100_000);
    }

    private static Element image(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static List<String> texts(Element image) {
        List<String> texts = new ArrayList<>();
        NodeList nodes = image.getElementsByTagName("text");
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
