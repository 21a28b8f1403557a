package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.testing.server.FreePort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerDateTest {
    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01.250Z");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final ServerDate serverDate =
            new ServerDate(Clock.fixed(NOW, ZoneOffset.UTC), nanos::get, Duration.ofSeconds(20));
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(request -> "HTTP/1.1 200 OK\r\nDate: " + date(NOW) + "\r\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, 90, -90, 86_400, -31_536_000})
    void comparesWithServersAheadAndBehind(int serverAheadSeconds) throws IOException {
        server.script(request -> "HTTP/1.1 200 OK\r\nDate: " + date(NOW.plusSeconds(serverAheadSeconds)) + "\r\n");

        // Local time is .250 into its second, the header is taken to be .500 into its own.
        assertThat(compare()).isEqualTo(Duration.ofMillis(-250 - serverAheadSeconds * 1000L));
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0).method()).isEqualTo("HEAD");
        assertThat(server.requests().get(0).header("Authorization")).isNull();
    }

    @Test
    void takesTheMiddleOfASlowRequest() throws IOException {
        server.script(request -> {
            nanos.addAndGet(Duration.ofSeconds(4).toNanos());
            return "HTTP/1.1 200 OK\r\nDate: " + date(NOW.plusSeconds(2)) + "\r\n";
        });

        assertThat(compare()).isEqualTo(Duration.ofMillis(-250));
    }

    @ParameterizedTest
    @CsvSource({"405, Date", "501, Date", "405, X-Date", "200, X-Date"})
    void fallsBackToGet(int status, String header) throws IOException {
        server.script(request -> request.method().equals("HEAD")
                ? "HTTP/1.1 " + status + " No\r\n" + header + ": " + date(NOW.plusSeconds(500)) + "\r\n"
                : "HTTP/1.1 200 OK\r\nDate: " + date(NOW) + "\r\n");

        assertThat(compare()).isEqualTo(Duration.ofMillis(-250));
        assertThat(server.requests()).extracting(ScriptedServer.Request::method).containsExactly("HEAD", "GET");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 400, 401, 403, 404, 429})
    void takesTheDateOfAnyAnswerOfTheServerItself(int status) throws IOException {
        server.script(request -> "HTTP/1.1 " + status + " Status\r\nDate: " + date(NOW) + "\r\n");

        assertThat(compare()).isEqualTo(Duration.ofMillis(-250));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 304, 407, 500, 502, 503, 511})
    void takesNoDateOfSomebodyInBetween(int status) {
        server.script(
                request -> "HTTP/1.1 " + status + " Status\r\nLocation: /elsewhere\r\nDate: " + date(NOW) + "\r\n");

        assertThatThrownBy(this::compare)
                .isExactlyInstanceOf(ServerDate.NoDateException.class)
                .hasMessage("the server answered with status " + status);
        assertThat(server.requests()).extracting(ScriptedServer.Request::path).containsExactly("/health");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Date: yesterday\r\n", "Date:\r\n", "Date: 2026-05-04T03:02:01Z\r\n"})
    void refusesAnAnswerWithoutADate(String header) {
        server.script(request -> "HTTP/1.1 200 OK\r\n" + header);

        assertThatThrownBy(this::compare)
                .isExactlyInstanceOf(ServerDate.NoDateException.class)
                .hasMessageContaining("Date header");
    }

    @Test
    void refusesAnAnswerOutOfACache() throws IOException {
        server.script(request -> "HTTP/1.1 200 OK\r\nAge: 120\r\nDate: " + date(NOW) + "\r\n");
        assertThatThrownBy(this::compare).hasMessage("the answer came from a cache");

        server.script(request -> "HTTP/1.1 200 OK\r\nAge: 0\r\nDate: " + date(NOW) + "\r\n");
        assertThat(compare()).isEqualTo(Duration.ofMillis(-250));
    }

    @Test
    void closesTheConnectionThatWasMadeLast() throws IOException {
        List<HttpURLConnection> tried = new ArrayList<>();
        AtomicInteger closed = new AtomicInteger();
        DeliveryTarget target = new DeliveryTarget() {
            @Override
            public URI url() {
                return server.url("/api/v1/import");
            }

            @Override
            public HttpURLConnection connect(String path, Preparation preparation) throws IOException {
                for (int i = 0; i < 2; i++) {
                    tried.add(new Disconnecting(server.url(path).toURL(), closed));
                    preparation.prepare(tried.get(i));
                }
                return tried.get(1);
            }
        };
        serverDate.compare(server.url("/health"), target);

        assertThat(closed).hasValue(1);
        assertThat(tried).allSatisfy(connection -> assertThat(connection.getConnectTimeout())
                .isEqualTo(20_000));
    }

    @Test
    void triesNoFurtherAddressOnceItWasAborted() {
        serverDate.abort();

        assertThatThrownBy(this::compare).isExactlyInstanceOf(IOException.class).hasMessage("stopped");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void failsWhenNobodyListens() throws IOException {
        int port = FreePort.next();

        assertThatThrownBy(() -> serverDate.compare(URI.create("http://127.0.0.1:" + port + "/health"), null))
                .isInstanceOf(IOException.class);
    }

    private Duration compare() throws IOException {
        return serverDate.compare(server.url("/health"), null).value();
    }

    /** A connection that answers by itself, with the time that it should be. */
    private static final class Disconnecting extends HttpURLConnection {
        private final AtomicInteger closed;

        Disconnecting(URL url, AtomicInteger closed) {
            super(url);
            this.closed = closed;
        }

        @Override
        public void connect() {}

        @Override
        public int getResponseCode() {
            return 200;
        }

        @Override
        public String getHeaderField(String name) {
            return name.equals("Date") ? date(NOW) : null;
        }

        @Override
        public void disconnect() {
            closed.incrementAndGet();
        }

        @Override
        public boolean usingProxy() {
            return false;
        }
    }

    private static String date(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }
}
