package io.tidewatch.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.json.JsonTree.ArrayNode;
import io.tidewatch.json.JsonTree.Container;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTree.Scalar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class JsonTreeTest {
    private static final String DOCUMENT =
            "{\"a\":{\"secret\":\"x\",\"b\":\"--\",\"n\":-1.5},\"list\":[\"p\",\"q\"],\"c\":[[1],{}],\"null\":null}";

    private final JsonTree tree = new JsonTree(List.of(
            JsonPath.ofFields("a", "b"),
            JsonPath.ofFields("a", "n"),
            JsonPath.ofFields("a", "missing"),
            JsonPath.ofFields("c"),
            JsonPath.ofFields("null"),
            new JsonPath(List.of(new JsonPath.Field("list"), new JsonPath.Each()))));

    @Example
    void onlyWhatIsWantedIsKept() throws Exception {
        assertThat(read(DOCUMENT))
                .isEqualTo(new ObjectNode(Map.of(
                        "a",
                        new ObjectNode(Map.of(
                                "b",
                                new Scalar(Scalar.Type.STRING, "--"),
                                "n",
                                new Scalar(Scalar.Type.NUMBER, "-1.5"))),
                        "list",
                        new ArrayNode(
                                Map.of(0, new Scalar(Scalar.Type.STRING, "p"), 1, new Scalar(Scalar.Type.STRING, "q"))),
                        "c",
                        new Container("an array"),
                        "null",
                        new Scalar(Scalar.Type.NULL, "null"))));
        assertThat(tree.isCut()).isFalse();
    }

    @Example
    void aDocumentOfAnotherShapeIsReadAsItIs() throws Exception {
        assertThat(read("{\"a\":[1],\"list\":\"--\"}"))
                .isEqualTo(new ObjectNode(
                        Map.of("a", new ArrayNode(Map.of()), "list", new Scalar(Scalar.Type.STRING, "--"))));
        assertThat(read("7")).isEqualTo(new Scalar(Scalar.Type.NUMBER, "7"));
    }

    @Property
    void halfADocumentIsRefusedWithItsPlace(@ForAll @IntRange(max = 200) int length) {
        assertThatThrownBy(() -> read(DOCUMENT.substring(0, length % DOCUMENT.length())))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("(?s).*(found nothing|at line 1, column \\d+).*");
    }

    @Example
    void whatIsWantedIsBounded() throws Exception {
        assertThat(((ArrayNode) ((ObjectNode) read("{\"list\":[" + "1,".repeat(100_000) + "1]}"))
                                .fields()
                                .get("list"))
                        .elements())
                .hasSize(29_999);
        assertThat(tree.isCut()).isTrue();
        read(DOCUMENT);
        assertThat(tree.isCut()).isFalse();
    }

    @Example
    void pathsAreWrittenAsTheyAreRead() {
        assertThat(JsonPath.ofFields("a", "b")).hasToString("a.b");
        assertThat(Decimal.parse(" -104.00 ")).hasValue(-104);
        assertThat(Decimal.parse("--")).isEmpty();
        assertThat(Decimal.parse("1e999")).hasValue(Double.POSITIVE_INFINITY);
    }

    private Node read(String document) throws IOException {
        return tree.read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
    }
}
