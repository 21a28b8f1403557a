package io.tidewatch.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A successful answer in JSON as Prometheus' API has it, in pieces: one that is long takes no more memory than what it is
 * made of. Not safe for use by several threads.
 *
 * @param <E> an element of the array that it mostly is
 */
final class JsonPieces<E> implements Iterator<byte[]> {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private static final int PIECE = 4096;

    private static final double LARGEST_WHOLE = 1L << 53;

    interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    interface Each<E> {
        void write(JsonGenerator json, E element) throws IOException;
    }

    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(2 * PIECE);
    private final JsonGenerator json;
    private final Iterator<? extends E> elements;
    private final Each<E> each;
    private boolean ended;

    /**
     * @param begin what comes before the elements, up to the begin of their array; all objects and arrays that it opens
     *     are closed after them
     */
    JsonPieces(Part begin, Iterable<? extends E> elements, Each<E> each) {
        this.elements = elements.iterator();
        this.each = each;
        try {
            json = JSON.createGenerator(buffer);
            json.writeStartObject();
            json.writeStringField("status", "success");
            json.writeFieldName("data");
            begin.write(json);
        } catch (IOException e) {
            throw impossible(e);
        }
    }

    static Iterator<byte[]> of(Part data) {
        return new JsonPieces<>(data, List.of(), (json, none) -> {});
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    @Override
    public byte[] next() {
        if (ended) {
            throw new NoSuchElementException("The answer has ended");
        }
        try {
            while (buffer.size() < PIECE && !ended) {
                if (elements.hasNext()) {
                    each.write(json, elements.next());
                    json.flush();
                } else {
                    // Closes what is open.
                    json.close();
                    buffer.write('\n');
                    ended = true;
                }
            }
        } catch (IOException e) {
            throw impossible(e);
        }
        byte[] piece = buffer.toByteArray();
        buffer.reset();
        return piece;
    }

    static String text(Part part) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            part.write(json);
        } catch (IOException e) {
            throw impossible(e);
        }
        return text.toString();
    }

    static void seconds(JsonGenerator json, long millis) throws IOException {
        json.writeNumber(BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString());
    }

    /** A value, which Prometheus has in quotes. */
    static void value(JsonGenerator json, double value) throws IOException {
        if (value == Math.rint(value) && Math.abs(value) <= LARGEST_WHOLE) {
            json.writeString(Long.toString((long) value));
        } else if (Double.isNaN(value) || Double.isInfinite(value)) {
            json.writeString(Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
        } else {
            json.writeString(BigDecimal.valueOf(value).toPlainString());
        }
    }

    static void labels(JsonGenerator json, Map<String, String> labels) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
    }

    private static UncheckedIOException impossible(IOException e) {
        return new UncheckedIOException("Cannot happen: a buffer does no input or output", e);
    }
}
