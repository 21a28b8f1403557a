package io.tidewatch.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScriptedReceiverTest {
    private static final String LINES =
            """
            {"metric":{"unit":"one","__name__":"load","device_id":"d"},"values":[1,2.5],"timestamps":[10,20]}
            {"metric":{"__name__":"up"},"values":[-3e2],"timestamps":[10]}
            """;
    private static final List<ReceivedSample> SAMPLES = List.of(
            new ReceivedSample("load{device_id=\"d\",unit=\"one\"}", 10, 1),
            new ReceivedSample("load{device_id=\"d\",unit=\"one\"}", 20, 2.5),
            new ReceivedSample("up", 10, -300));

    @Test
    void acceptsGzipAndPlainOnOneConnection() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            byte[] body = gzip(LINES);
            client.post(body, "Content-Encoding: gzip", "X-Device-ID: d");
            assertThat(client.answer()).isEqualTo("HTTP/1.1 204 scripted\r\n\r\n");
            client.post(LINES.getBytes(StandardCharsets.UTF_8));
            assertThat(client.answer()).isEqualTo("HTTP/1.1 204 scripted\r\n\r\n");
            assertThat(receiver.requests()).hasSize(2);
            assertThat(receiver.requests().get(0))
                    .isEqualTo(new ScriptedReceiver.Request(
                            Map.of(
                                    "host", "test",
                                    "content-length", String.valueOf(body.length),
                                    "content-encoding", "gzip",
                                    "x-device-id", "d"),
                            "POST",
                            "/api/v1/import",
                            body.length,
                            SAMPLES));
            assertThat(receiver.received()).hasSize(6).containsAll(SAMPLES);
            assertThat(receiver.accepted()).isEqualTo(receiver.received());
        }
    }

    @Test
    void readsChunkedBodies() throws Exception {
        String[] parts = {LINES.substring(0, 30), LINES.substring(30)};
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            client.send("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (String part : parts) {
                client.send(Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 204");
            assertThat(receiver.accepted()).isEqualTo(SAMPLES);
            assertThat(receiver.requests().get(0).bodyBytes()).isEqualTo(LINES.length());
        }
    }

    @Test
    void playsTheScriptThenTheDefault() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            receiver.script(Fault.error(503), Fault.ACCEPT);
            receiver.always(Fault.UNAUTHORIZED_401);
            for (int status : new int[] {503, 204, 401, 401}) {
                client.post(LINES.getBytes(StandardCharsets.UTF_8));
                assertThat(client.answer()).startsWith("HTTP/1.1 " + status);
            }
            assertThat(receiver.received()).hasSize(12);
            assertThat(receiver.accepted()).isEqualTo(SAMPLES);
        }
    }

    static List<List<Object>> answers() {
        return List.of(
                List.of(Fault.ACCEPT_EMPTY_200, "200", "Content-Length: 0\r\n\r\n", 3),
                List.of(Fault.HTML_200, "200", "</html>", 0),
                List.of(Fault.redirect302("http://portal/"), "302", "Location: http://portal/\r\n", 0),
                List.of(Fault.UNAUTHORIZED_401, "401", "WWW-Authenticate: Bearer", 0),
                List.of(Fault.badRequest("too long line"), "400", "\r\n\r\ntoo long line", 0),
                List.of(Fault.TOO_LARGE_413, "413", "Content-Length: 0", 0),
                List.of(Fault.tooMany429("120"), "429", "Retry-After: 120\r\n", 0),
                List.of(Fault.error(500), "500", "Content-Length: 0", 0),
                List.of(Fault.error(502), "502", "Content-Length: 0", 0),
                List.of(Fault.partial(2), "200", "\r\n\r\n{\"accepted\":2}", 2),
                List.of(Fault.partial(0), "200", "\r\n\r\n{\"accepted\":0}", 0),
                List.of(Fault.partial(9), "200", "\r\n\r\n{\"accepted\":9}", 3));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAsScripted(List<Object> row) throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            receiver.script((Fault) row.get(0));
            client.post(LINES.getBytes(StandardCharsets.UTF_8));
            assertThat(client.answer()).startsWith("HTTP/1.1 " + row.get(1)).contains((String) row.get(2));
            assertThat(receiver.received()).isEqualTo(SAMPLES);
            assertThat(receiver.accepted()).isEqualTo(SAMPLES.subList(0, (int) row.get(3)));
            client.post(LINES.getBytes(StandardCharsets.UTF_8));
            assertThat(client.answer()).startsWith("HTTP/1.1 204");
        }
    }

    @Test
    void breaksOffTheAnswer() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            receiver.script(Fault.TRUNCATED);
            client.post(LINES.getBytes(StandardCharsets.UTF_8));
            assertThat(client.rest()).contains("Content-Length: 14").endsWith("\r\n\r\n{\"accep");
            assertThat(receiver.received()).isEqualTo(SAMPLES);
            assertThat(receiver.accepted()).isEmpty();
        }
    }

    @Test
    void refusesNewAndKeptConnections() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client kept = new Client(receiver)) {
            kept.post(LINES.getBytes(StandardCharsets.UTF_8));
            assertThat(kept.answer()).startsWith("HTTP/1.1 204");
            receiver.script(Fault.REFUSE, Fault.REFUSE);
            kept.send("P");
            assertThatThrownBy(kept::rest).isInstanceOf(SocketException.class);
            try (Client fresh = new Client(receiver)) {
                assertThatThrownBy(fresh::rest).isInstanceOf(SocketException.class);
            }
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @Test
    void resetsBeforeTheBody() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            receiver.script(Fault.RESET_BEFORE_BODY);
            client.send("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
            assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
            assertThat(receiver.requests())
                    .containsExactly(
                            new ScriptedReceiver.Request(Map.of("content-length", "9"), "POST", "/", 0, List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 80\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n50\r\n"})
    void resetsWithinTheBody(String length) throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            receiver.script(Fault.RESET_WITHIN_BODY);
            client.send("POST / HTTP/1.1\r\n" + length + " ".repeat(40));
            assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
            assertThat(receiver.requests().get(0).bodyBytes()).isEqualTo(40);
            assertThat(receiver.received()).isEmpty();
        }
    }

    @Test
    void resetsAfterTheBody() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            receiver.script(Fault.RESET_AFTER_BODY);
            client.post(LINES.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
            assertThat(receiver.received()).isEqualTo(SAMPLES);
            assertThat(receiver.accepted()).isEmpty();
        }
    }

    @Test
    void stallsUntilClosedAndEndsAllThreads() throws Exception {
        ScriptedReceiver receiver = ScriptedReceiver.start();
        String threads = "receiver-" + receiver.url().getPort() + "-";
        try (Client client = new Client(receiver)) {
            receiver.script(Fault.STALL);
            client.post(LINES.getBytes(StandardCharsets.UTF_8));
            await().until(() -> receiver.received().equals(SAMPLES));
            // What comes behind the request is read too, and changes nothing.
            client.post(LINES.getBytes(StandardCharsets.UTF_8));
            assertThat(threadsNamed(threads)).isEqualTo(2);
            receiver.close();
            assertThat(threadsNamed(threads)).isZero();
            assertThat(receiver.requests()).hasSize(1);
            assertThat(receiver.accepted()).isEmpty();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Client(receiver));
        }
    }

    @Test
    void toleratesAClientThatLeavesWithinTheBody() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start()) {
            try (Client client = new Client(receiver)) {
                client.send("POST / HTTP/1.1\r\nContent-Length: 80\r\n\r\n1234");
            }
            await().until(() -> receiver.requests().size() == 1);
            assertThat(receiver.requests().get(0).bodyBytes()).isEqualTo(4);
            assertThat(receiver.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1],\"timestamps\":[1,2]}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[],\"timestamps\":[]}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[null],\"timestamps\":[1]}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[\"NaN\"],\"timestamps\":[1]}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1e999],\"timestamps\":[1]}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1],\"timestamps\":[1.5]}",
                "{\"metric\":{\"b\":\"a\"},\"values\":[1],\"timestamps\":[1]}",
                "{\"metric\":{\"__name__\":\"a\",\"b\":1},\"values\":[1],\"timestamps\":[1]}",
                "{\"metric\":{\"__name__\":\"a\",\"__name__\":\"b\"},\"values\":[1],\"timestamps\":[1]}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1],\n\"timestamps\":[1]}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1],\"timestamps\":[1]} {}",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1],\"timestamps\":[1]",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1",
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1],\"timestamps\":[1],\"x\":1}"
            })
    void reportsBodiesThatVictoriaMetricsWouldLose(String body) throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            client.post(body.getBytes(StandardCharsets.UTF_8));
            assertThat(client.answer()).startsWith("HTTP/1.1 400");
            assertThat(receiver.errors()).singleElement().asString().startsWith("POST /api/v1/import: Line ");
            assertThat(receiver.accepted()).isEmpty();
        }
    }

    @Test
    void reportsTruncatedGzipAndOtherEncodings() throws Exception {
        byte[] gzip = gzip(LINES);
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            client.post(Arrays.copyOf(gzip, gzip.length - 9), "Content-Encoding: gzip");
            assertThat(client.answer()).startsWith("HTTP/1.1 400");
            client.post(gzip);
            assertThat(client.answer()).startsWith("HTTP/1.1 400");
            client.post(gzip, "Content-Encoding: zstd");
            assertThat(client.answer()).startsWith("HTTP/1.1 400");
            assertThat(receiver.errors()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n",
                "GET / HTTP/1.1\r\nno header\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"
            })
    void reportsWhatIsNotHttp(String text) throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                Client client = new Client(receiver)) {
            client.send(text);
            await().until(() -> receiver.errors().size() == 1);
        }
    }

    @Test
    void closingShowsErrorsThatNobodyAskedFor() throws Exception {
        ScriptedReceiver receiver = ScriptedReceiver.start();
        try (Client client = new Client(receiver)) {
            client.post("no json".getBytes(StandardCharsets.UTF_8));
            assertThat(client.answer()).startsWith("HTTP/1.1 400");
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(receiver::close)
                    .withMessageContaining("Line 1");
        }
    }

    @Test
    void rejectsFaultsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.error(404));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.partial(-1));
    }

    private static long threadsNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** A client that hides nothing: no pool, no second attempt. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Client(ScriptedReceiver receiver) throws IOException {
            socket = new Socket(receiver.url().getHost(), receiver.url().getPort());
            // A read that blocks is not ended by a test timeout.
            socket.setSoTimeout(30_000);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        void post(byte[] body, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("POST /api/v1/import HTTP/1.1\r\nHost: test\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            send(head.append("Content-Length: ")
                    .append(body.length)
                    .append("\r\n\r\n")
                    .toString());
            out.write(body);
        }

        /** One answer, whole. */
        String answer() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                assertThat(next).describedAs("end of connection after %s", head).isNotNegative();
                head.append((char) next);
            }
            int length = 0;
            for (String header : head.toString().split("\r\n", -1)) {
                if (header.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(header.substring("Content-Length: ".length()));
                }
            }
            return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }

        /** All that comes until the receiver closes the connection. */
        String rest() throws IOException {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
