package io.tidewatch.command.tail;

import io.tidewatch.command.agent.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Samples for programs: an object of JSON per line. A number that JSON does not have is null. */
record JsonTail(PrintStream out) implements Tail.Printer {
    @Override
    public void print(List<Tail.Line> lines) {
        lines.forEach(line -> out.println(text(line)));
    }

    private static String text(Tail.Line line) {
        return Json.line(object -> {
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
        });
    }
}
