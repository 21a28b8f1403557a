package io.tidewatch.command.tail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Samples for programs: an object of JSON per line. A number that JSON does not have is null. */
final class JsonTail implements Tail.Printer {
    private final JsonFactory json = new JsonFactory();
    private final PrintStream out;

    JsonTail(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(List<Tail.Line> lines) {
        lines.forEach(line -> out.println(text(line)));
    }

    private String text(Tail.Line line) {
        StringWriter text = new StringWriter();
        try (JsonGenerator object = json.createGenerator(text)) {
            object.writeStartObject();
            object.writeStringField("time", Instant.ofEpochMilli(line.time()).toString());
            object.writeStringField("metric", line.series().name());
            object.writeObjectFieldStart("tags");
            for (Map.Entry<String, String> tag : line.series().tags().entrySet()) {
                object.writeStringField(tag.getKey(), tag.getValue());
            }
            object.writeEndObject();
            object.writeFieldName("value");
            if (!(line.value() instanceof Double number)) {
                object.writeString(line.value().toString());
            } else if (Double.isFinite(number)) {
                object.writeNumber(number);
            } else {
                object.writeNull();
            }
            object.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return text.toString();
    }
}
