package io.tidewatch.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.json.JsonTree.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Example;

class ObjectNodeTest {
    private static final JsonPath IN_EACH =
            new JsonPath(List.of(new JsonPath.Field("by"), new JsonPath.EachField(), new JsonPath.Field("n")));

    @Example
    void everyFieldOfAnObjectIsReached() throws Exception {
        ObjectNode by = (ObjectNode) read("{\"by\":{\"x\":{\"n\":1,\"m\":2},\"y\":{\"n\":3},\"z\":4},\"n\":5}", IN_EACH)
                .fields()
                .get("by");
        assertThat(by.fields()).containsOnlyKeys("x", "y", "z");
        assertThat(((ObjectNode) by.fields().get("x")).fields()).containsOnlyKeys("n");
        assertThat(((ObjectNode) by.fields().get("y")).number("n")).hasValue(3);
        assertThat(IN_EACH).hasToString("by.*.n");
    }

    @Example
    void aValueIsOfItsTypeOrAbsent() throws Exception {
        ObjectNode object = read("{\"a\":1.5e3,\"b\":\"x\",\"c\":true,\"d\":null,\"e\":1e999,\"f\":false}");
        assertThat(object.number("a")).hasValue(1500);
        assertThat(object.number("e")).hasValue(Double.POSITIVE_INFINITY);
        assertThat(object.text("b")).contains("x");
        assertThat(object.flag("c")).contains(true);
        assertThat(object.flag("f")).contains(false);
        for (String absent : List.of("d", "missing")) {
            assertThat(object.number(absent)).isEmpty();
            assertThat(object.text(absent)).isEmpty();
            assertThat(object.flag(absent)).isEmpty();
        }
    }

    @Example
    void aValueOfAnotherTypeIsNamedWithItsText() throws Exception {
        ObjectNode object = read("{\"a\":\"-\\u0000-\",\"b\":7,\"c\":[1],\"d\":{},\"e\":\"" + "x".repeat(99) + "\"}");
        assertThatThrownBy(() -> object.number("a"))
                .isInstanceOf(JsonTypeException.class)
                .hasMessage("a: expected a number, found the string '-?-'");
        assertThatThrownBy(() -> object.flag("b")).hasMessage("b: expected true or false, found '7'");
        assertThatThrownBy(() -> object.text("b")).hasMessage("b: expected a string, found '7'");
        assertThatThrownBy(() -> object.number("c")).hasMessage("c: expected a number, found an array");
        assertThatThrownBy(() -> object.text("d")).hasMessage("d: expected a string, found an object");
        assertThatThrownBy(() -> object.number("e")).hasMessageEndingWith("'" + "x".repeat(60) + "…'");
    }

    private static ObjectNode read(String document) throws IOException {
        return read(document, new JsonPath(List.of(new JsonPath.EachField())));
    }

    private static ObjectNode read(String document, JsonPath path) throws IOException {
        return (ObjectNode)
                new JsonTree(List.of(path)).read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
    }
}
