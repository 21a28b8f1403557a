package io.tidewatch.store.sqlite.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The columns of passes. Immutable. */
public final class Layout {
    private static final JsonFactory JSON = new JsonFactory();

    private final int id;
    private final int[] series;

    /** @param series id of the series of each column, none twice; not to be changed afterwards */
    public Layout(int id, int[] series) {
        this.id = id;
        this.series = series;
    }

    public int id() {
        return id;
    }

    /** Id of the series of each column; not to be changed. */
    public int[] series() {
        return series;
    }

    public int size() {
        return series.length;
    }

    /** @throws SQLException also if a row holds what no store writes */
    public static void each(Connection connection, Consumer<Layout> taker) throws SQLException {
        Sql.each(
                connection,
                "SELECT id, series FROM layout",
                row -> taker.accept(new Layout(row.getInt(1), seriesOf(row.getLong(1), row.getString(2)))));
    }

    /** The column of a series; -1 if there is none. */
    public int columnOf(int id) {
        return IntStream.range(0, series.length)
                .filter(column -> series[column] == id)
                .findFirst()
                .orElse(-1);
    }

    /** The ids as they are stored. */
    public static String toJson(int[] series) {
        return IntStream.of(series).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    /** @throws SQLException if no store writes such ids: the file is damaged */
    static int[] seriesOf(long id, @Nullable String json) throws SQLException {
        long[] ids = idsOf(id, json);
        for (long series : ids) {
            if (series < 1 || series > StoredSeries.LARGEST_ID) {
                throw Failures.damagedContent("layout " + id + " refers to series " + series);
            }
        }
        return LongStream.of(ids).mapToInt(Math::toIntExact).toArray();
    }

    /** The same, whatever the numbers are. */
    public static long[] idsOf(long id, @Nullable String json) throws SQLException {
        LongStream.Builder ids = LongStream.builder();
        try (JsonParser parser = JSON.createParser(json == null ? "" : json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("no array");
            }
            while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                ids.add(parser.getLongValue());
            }
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw new IOException("no array of ids");
            }
        } catch (JsonProcessingException e) {
            throw Failures.damagedContent("layout " + id + " cannot be used: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Failures.damagedContent("layout " + id + " cannot be used: " + e.getMessage());
        }
        return ids.build().toArray();
    }
}
