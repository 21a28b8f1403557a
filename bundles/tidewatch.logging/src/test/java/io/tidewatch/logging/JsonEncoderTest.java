package io.tidewatch.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonEncoderTest {
    @Test
    void writesOneObjectPerLine() {
        assertThat(line("Chunk {} sent", null, Map.of("count", "50", "batch_id", "b-1"), 3))
                .isEqualTo("{\"time\":\"2026-03-01T12:00:00.120Z\",\"level\":\"WARN\","
                        + "\"logger\":\"io.tidewatch.example.Thing\",\"message\":\"Chunk 3 sent\","
                        + "\"batch_id\":\"b-1\",\"count\":50}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "count, 12, true",
        "duration_ms, 0.5, true",
        "skew_ms, -2000, true",
        "count, 007, false",
        "count, NaN, false",
        "http_status, , false",
        "error, 404, false",
        "session_id, 12, false"
    })
    void writesNumbersWhereTheFieldIsOne(String field, String value, boolean number) throws Exception {
        JsonNode node = read(line("Text", null, Map.of(field, value == null ? "" : value)));

        assertThat(node.get(field).isNumber()).isEqualTo(number);
        assertThat(node.get(field).asText()).isEqualTo(value == null ? "" : value);
    }

    @Test
    void tellsWhatCanHappenInALine() throws Exception {
        JsonNode node = read(line("Text", new IOException("No space left on device"), Map.of()));

        assertThat(node.get("error").asText()).isEqualTo("No space left on device");
        assertThat(node.get("error_type").asText()).isEqualTo("IOException");
        assertThat(node.has("stack")).isFalse();
        assertThat(read(line("Text", new UncheckedIOException(new IOException("away")), Map.of()))
                        .has("stack"))
                .isFalse();
    }

    @Test
    void showsTheStackOfABug() throws Exception {
        JsonNode node = read(line("Text", new IllegalStateException("impossible"), Map.of()));

        assertThat(node.get("error_type").asText()).isEqualTo("IllegalStateException");
        assertThat(node.get("stack").asText()).contains("showsTheStackOfABug");
        assertThat(read(line("Text", new OutOfMemoryError(), Map.of()))
                        .get("error")
                        .asText())
                .isEqualTo("OutOfMemoryError");
    }

    @Test
    void takesWhatTheEventSaysOfItsErrorFirst() throws Exception {
        JsonNode node = read(line("Text", new IOException("x"), Map.of("error", "own", "error_type", "timeout")));

        assertThat(node.get("error").asText()).isEqualTo("own");
        assertThat(node.get("error_type").asText()).isEqualTo("timeout");
    }

    @Test
    void leavesOutFieldsThatAreNotOfTheEvent() throws Exception {
        JsonNode node = read(line("Text", null, Map.of("bundle.name", "b", "message", "other", "collector", "cpu")));

        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactly("time", "level", "logger", "message", "collector");
        assertThat(node.get("message").asText()).isEqualTo("Text");
    }

    @Property(tries = 300)
    void keepsEveryTextAndOneLine(@ForAll String message, @ForAll String value) throws Exception {
        String line = line("{}", null, Map.of("error", value), message);

        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        JsonNode node = read(line);
        assertThat(node.get("message").asText()).isEqualTo(asWritten(message));
        assertThat(node.get("error").asText()).isEqualTo(asWritten(value));
    }

    /** Half a surrogate pair has no bytes in UTF-8. */
    private static String asWritten(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static JsonNode read(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }

    private static String line(String pattern, Throwable cause, Map<String, String> fields, Object... arguments) {
        return new String(
                new JsonEncoder().encode(Events.of(pattern, cause, fields, arguments)), StandardCharsets.UTF_8);
    }
}
