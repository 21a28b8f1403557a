package io.tidewatch.health;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies of the health endpoint, as JSON that ends in a line feed. */
final class HealthJson {
    /** RFC 3339 with milliseconds, in UTC. */
    private static final DateTimeFormatter RFC_3339 =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final int MAX_DEPTH = 8;

    private static final JsonFactory JSON = new JsonFactory();

    private HealthJson() {}

    /** The body of {@code /health}. */
    static String report(HealthPages.Report report) {
        return object(out -> {
            HealthRules.Verdict verdict = report.verdict();
            out.writeStringField("status", name(verdict.status()));
            out.writeStringField("message", verdict.message());
            out.writeStringField("timestamp", RFC_3339.format(report.time()));
            out.writeNumberField("uptime_seconds", report.uptime().toSeconds());
            out.writeStringField("version", report.version());
            out.writeStringField("device_id", report.deviceId());
            out.writeFieldName("folders");
            value(out, report.folders(), 0);
            out.writeObjectFieldStart("components");
            for (Map.Entry<String, Health> component : verdict.components().entrySet()) {
                Health health = component.getValue();
                out.writeObjectFieldStart(component.getKey());
                out.writeStringField("status", name(health.status()));
                out.writeStringField("message", health.message());
                out.writeStringField("timestamp", RFC_3339.format(report.time()));
                out.writeFieldName("details");
                value(out, health.details(), 0);
                out.writeEndObject();
            }
            out.writeEndObject();
        });
    }

    /** The body of {@code /bundles}. */
    static String bundles(List<BundleInventory.State> bundles) {
        return object(out -> {
            out.writeArrayFieldStart("bundles");
            for (BundleInventory.State bundle : bundles) {
                out.writeStartObject();
                out.writeNumberField("id", bundle.id());
                out.writeStringField("name", bundle.name());
                out.writeStringField("version", bundle.version());
                out.writeStringField("state", bundle.state());
                if (bundle.problem().isPresent()) {
                    out.writeStringField("problem", bundle.problem().get());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    /** The body of {@code /health/live}. */
    static String alive() {
        return object(out -> out.writeStringField("status", "alive"));
    }

    /** The body of {@code /health/ready}. */
    static String readiness(HealthRules.Verdict verdict) {
        return object(out -> {
            out.writeStringField("status", verdict.ready() ? "ready" : "not_ready");
            if (!verdict.ready()) {
                out.writeStringField("current_status", name(verdict.status()));
                out.writeStringField("reason", verdict.notReady());
            }
        });
    }

    static String error(int status, String message) {
        return object(out -> {
            out.writeNumberField("code", status);
            out.writeStringField("error", message);
        });
    }

    /** The same body, for people. */
    static String indented(String body) {
        StringWriter indented = new StringWriter(2 * body.length());
        try (JsonParser parser = JSON.createParser(body);
                JsonGenerator out = JSON.createGenerator(indented).useDefaultPrettyPrinter()) {
            parser.nextToken();
            out.copyCurrentStructure(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return indented.append('\n').toString();
    }

    private static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static void value(JsonGenerator out, @Nullable Object value, int depth) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Map<?, ?> map && depth < MAX_DEPTH) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                value(out, entry.getValue(), depth + 1);
            }
            out.writeEndObject();
        } else if (value instanceof Collection<?> elements && depth < MAX_DEPTH) {
            out.writeStartArray();
            for (Object element : elements) {
                value(out, element, depth + 1);
            }
            out.writeEndArray();
        } else if (value instanceof Boolean bool) {
            out.writeBoolean(bool);
        } else if (value instanceof Number number) {
            number(out, number);
        } else if (value instanceof Instant instant) {
            out.writeString(RFC_3339.format(instant));
        } else {
            out.writeString(depth < MAX_DEPTH ? value.toString() : "…");
        }
    }

    private static void number(JsonGenerator out, Number number) throws IOException {
        if (number instanceof BigDecimal decimal) {
            out.writeNumber(decimal);
        } else if (number instanceof BigInteger integer) {
            out.writeNumber(integer);
        } else if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (Double.isFinite(value)) {
                out.writeNumber(value);
            } else {
                // JSON has no NaN and no infinity (RFC 8259, 6).
                out.writeNull();
            }
        } else {
            out.writeNumber(number.longValue());
        }
    }

    private static String object(Fields fields) {
        StringWriter body = new StringWriter(1024);
        try (JsonGenerator out = JSON.createGenerator(body)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
            out.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return body.toString();
    }

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }
}
