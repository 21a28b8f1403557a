package io.tidewatch.page;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is answered to a request. */
record Answer(int status, String type, Map<String, String> headers, Iterator<byte[]> body) {
    private static final String JSON = "application/json;charset=utf-8";
    private static final int PIECE = 8192;

    static Answer json(Iterator<byte[]> body) {
        return new Answer(200, JSON, Map.of(), body);
    }

    /** @param content what is in the file, not to be changed; null for a reader that has it */
    static Answer file(String type, String etag, byte @Nullable [] content) {
        byte[] bytes = content == null ? new byte[0] : content;
        Iterator<byte[]> pieces = IntStream.iterate(0, at -> at < bytes.length, at -> at + PIECE)
                .mapToObj(at -> Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE)))
                .iterator();
        return new Answer(content == null ? 304 : 200, type, Map.of("ETag", etag, "Cache-Control", "no-cache"), pieces);
    }

    /** An error of Prometheus' API, for all requests. */
    static Answer error(int status, String type, String message) {
        StringBuilder body = new StringBuilder("{\"status\":\"error\",\"errorType\":\"")
                .append(type)
                .append("\",\"error\":\"");
        JsonStringEncoder.getInstance().quoteAsString(message, body);
        byte[] bytes = body.append("\"}\n").toString().getBytes(StandardCharsets.UTF_8);
        return new Answer(status, JSON, Map.of(), List.of(bytes).iterator());
    }

    Answer with(String name, String value) {
        return new Answer(status, type, Map.of(name, value), body);
    }
}
