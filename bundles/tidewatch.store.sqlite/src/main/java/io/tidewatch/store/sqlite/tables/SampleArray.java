package io.tidewatch.store.sqlite.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SegmentedStringWriter;
import com.fasterxml.jackson.core.util.BufferRecycler;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.store.sqlite.db.Failures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a pass as the JSON array that is stored: numbers or texts, null where a column was not read. A number is
 * written so that reading it gives the same one, whole ones without a point.
 */
public final class SampleArray {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    /** Up to here a floating point number holds every whole number. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private final BufferRecycler buffers = new BufferRecycler();
    private final StoredArrays stored = new StoredArrays();

    /** One for all arrays until one is damaged: to make one takes longer than to read a short array. */
    private @Nullable JsonParser arrays;

    private double[] numbers = {};
    private @Nullable String[] texts = {};
    private int size;

    /** Whether a sample can be stored at all: NaN and infinities cannot. */
    public static boolean isStorable(Sample sample) {
        return sample.metric().kind() == Kind.TEXT || Double.isFinite(sample.value());
    }

    /** Whether a column was read. */
    public boolean has(int column) {
        return texts[column] != null || !Double.isNaN(numbers[column]);
    }

    public boolean isText(int column) {
        return texts[column] != null;
    }

    public double number(int column) {
        return numbers[column];
    }

    /** The text of a column; empty if it is none. */
    public String text(int column) {
        String text = texts[column];
        return text == null ? "" : text;
    }

    /** How many columns were read. */
    public int count() {
        return numbers() + texts();
    }

    public int numbers() {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += Double.isNaN(numbers[i]) ? 0 : 1;
        }
        return count;
    }

    public int texts() {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += texts[i] == null ? 0 : 1;
        }
        return count;
    }

    /** So many columns, none of them read. */
    public void clear(int columns) {
        if (numbers.length < columns) {
            numbers = new double[columns];
            texts = new String[columns];
        }
        size = columns;
        Arrays.fill(numbers, 0, columns, Double.NaN);
        Arrays.fill(texts, 0, columns, null);
    }

    /** Gives a column the sample of one of another array. */
    public void set(int column, SampleArray from, int source) {
        numbers[column] = from.numbers[source];
        texts[column] = from.texts[source];
    }

    /** Sets a column; NaN and no text: it was not read. */
    public void set(int column, double number, @Nullable String text) {
        numbers[column] = text == null ? number : Double.NaN;
        texts[column] = text;
    }

    /** The array as it is stored. */
    public String toJson() {
        SegmentedStringWriter writer = new SegmentedStringWriter(buffers);
        try {
            try (JsonGenerator json = JSON.createGenerator(writer)) {
                json.writeStartArray();
                for (int i = 0; i < size; i++) {
                    write(json, numbers[i], texts[i]);
                }
                json.writeEndArray();
            }
            return writer.getAndClear();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot happen: a string writer does no input or output", e);
        }
    }

    private static void write(JsonGenerator json, double number, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeString(text);
        } else if (Double.isNaN(number)) {
            json.writeNull();
        } else if (isWhole(number)) {
            json.writeNumber((long) number);
        } else {
            json.writeNumber(number);
        }
    }

    /**
     * Takes the columns of an array as it is stored.
     *
     * @throws SQLException if it holds what no store writes: the file is damaged
     */
    public void read(byte @Nullable [] json, int columns, long seq) throws SQLException {
        read(json, columns, any -> true, seq);
    }

    /** The same for those of the columns that are wanted; the others count as not read. */
    public void read(byte @Nullable [] json, int columns, IntPredicate wanted, long seq) throws SQLException {
        clear(columns);
        if (json == null) {
            throw damaged(seq, "it has none");
        }
        JsonParser reused = arrays;
        // Until this array turns out to be whole.
        arrays = null;
        try {
            stored.next(json);
            JsonParser parser = reused == null ? JSON.createParser(stored) : reused;
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw damaged(seq, "no array");
            }
            for (int i = 0; i < columns; i++) {
                JsonToken token = parser.nextToken();
                if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                    numbers[i] = wanted.test(i) ? parser.getDoubleValue() : Double.NaN;
                } else if (token == JsonToken.VALUE_STRING) {
                    texts[i] = wanted.test(i) ? parser.getText() : null;
                } else if (token != JsonToken.VALUE_NULL) {
                    throw damaged(seq, "fewer than its layout has columns");
                }
            }
            if (parser.nextToken() != JsonToken.END_ARRAY) {
                throw damaged(seq, "more than its layout has columns");
            }
            if (parser.releaseBuffered(OutputStream.nullOutputStream()) > 0 || stored.available() > 0) {
                throw damaged(seq, "something stands behind the array");
            }
            arrays = parser;
        } catch (JsonProcessingException e) {
            throw damaged(seq, e.getOriginalMessage());
        } catch (IOException e) {
            throw damaged(seq, e.getMessage());
        }
    }

    /** Gives the parser one array after the other. */
    private static final class StoredArrays extends ByteArrayInputStream {
        StoredArrays() {
            super(new byte[0]);
        }

        synchronized void next(byte[] array) {
            buf = array;
            pos = 0;
            count = array.length;
        }
    }

    private static SQLException damaged(long seq, @Nullable String what) {
        return Failures.damagedContent("the samples of pass " + seq + " cannot be used: " + what);
    }

    private static boolean isWhole(double value) {
        return value == Math.rint(value)
                && Math.abs(value) <= LARGEST_WHOLE
                && (value != 0 || Double.doubleToRawLongBits(value) == 0);
    }
}
