package io.tidewatch.uploader.victoriametrics.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClassificationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void successIs204AndIfConfiguredAnEmpty200() {
        assertThat(answer(204, "")).isEqualTo(new Accepted());
        assertThat(failure(200, "").reason()).isEqualTo(Reason.INTERCEPTED);
        assertThat(failure(200, " \r\n").message()).contains("accept.empty.200 = true");
        UploaderSettings settings = UploaderSettings.read(
                TypedConfiguration.of(
                        UploaderConfig.class, Map.of("url", "http://vm:8428/x", "accept.empty.200", "true")),
                new SettingReader(new ArrayList<>()));
        for (boolean known : new boolean[] {true, false}) {
            Answer answer = Classification.of(
                    new Reply(200, null, null, List.of(), null, known, " \r\n"), settings, known, 10, NOW);
            assertThat(answer instanceof Accepted).isEqualTo(known);
        }
    }

    @ParameterizedTest
    @CsvSource({"204, ''", "200, '{\"accepted\": 7}'", "200, '{\"accepted\": 10}'"})
    void aSuccessOfAnUnknownPeerIsNone(int status, String text) {
        Failure failure = (Failure) Classification.of(
                new Reply(status, null, null, List.of(), null, false, text),
                settings("http://vm:8428/x", ""),
                false,
                10,
                NOW);

        assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_PEER);
        assertThat(failure.message()).contains("vm:8428 answers " + status, "peer = any");
    }

    @Test
    void aCountedPartIsMarked() {
        assertThat(answer(200, "{\"accepted\": 7}")).isEqualTo(new Partial(7));
        assertThat(answer(200, "{\"accepted\":0}\n")).isEqualTo(new Partial(0));
        assertThat(answer(200, "{\"accepted\": 10}")).isEqualTo(new Accepted());
        assertThat(answer(200, "{\"accepted\": 11}")).isEqualTo(new Accepted());
    }

    @ParameterizedTest
    @CsvSource({
        "200, <!DOCTYPE html><html>",
        "200, {\"accepted\": -1}",
        "200, {\"accepted\": 1e3}",
        "200, {\"accepted\": 1; \"rejected\": 2}",
        "200, OK",
        "201, ''",
        "202, {\"accepted\": 10}",
        "205, ''",
        "206, ''",
        "301, ''",
        "302, ''",
        "303, ''",
        "304, ''",
        "307, ''",
        "308, ''",
        "400, <html><body>Bad Request</body></html>",
        "511, ''"
    })
    void somebodyElseAnswers(int status, String text) {
        assertThat(failure(status, text).reason()).isEqualTo(Reason.INTERCEPTED);
    }

    @ParameterizedTest
    @CsvSource({
        "401, '', set token.file",
        "403, forbidden, set token.file",
        "404, '', path of url",
        "407, '', proxy",
        "408, '', smaller",
        "413, '', smaller",
        "413, <html>Too large</html>, smaller",
        "418, teapot, url",
        "429, '', too much",
        "500, '', trouble",
        "502, <html>, trouble",
        "503, read-only mode, trouble",
        "504, '', trouble",
        "599, '', trouble",
        "20, '', url",
        "400, 'cannot find the provided auth token \"x\"', token.file",
        "400, 'missing route for \"http://x/\"', path of url",
        "400, 'remoteAddr: \"127.0.0.1:1\"; requestURI: /nope?; unsupported path requested: \"/nope\"', path of url",
        "400, 'cannot read vmimport data: cannot read a block of data in 0.000s: unexpected EOF', whole",
        "400, 'cannot read gzipped vmimport data: unexpected EOF', whole",
        "400, 'because the request body couldn''t be read in -maxQueueDuration=10s; read 7 bytes', whole",
        "400, 'cannot read request body: read tcp 10.0.0.1:8427->10.0.0.2:1: i/o timeout', whole"
    })
    void theSameMaySucceedLater(int status, String text, String advice) {
        Failure failure = failure(status, text);
        assertThat(failure.reason()).isNotIn(Reason.REFUSED, Reason.INTERCEPTED);
        assertThat(failure.label()).startsWith("http_" + status);
        assertThat(failure.message()).contains("vm:8428", String.valueOf(status), advice);
    }

    @ParameterizedTest
    @CsvSource({
        "400, too long line",
        "400, ''",
        "422, bad data",
        "400, 'cannot parse metric \"http_timeout_total\"'",
        "400, 'bad label \"i/o timeout \\\" unexpected EOF\"'",
        "400, 'bad line `auth token`'",
        "400, 'bad line {\"metric\":{\"__name__\":\"missing route\"}}'"
    })
    void theServerDislikesTheSamples(int status, String text) {
        assertThat(failure(status, text).reason()).isEqualTo(Reason.REFUSED);
    }

    @Test
    void exceptionsSayWhatToCheck() {
        assertThat(failure(new ConnectException("Connection refused"))).contains("is VictoriaMetrics running there");
        assertThat(failure(new SocketTimeoutException("Read timed out"))).contains("in time");
        assertThat(failure(new SocketTimeoutException("Socket closed"))).contains("in time");
        assertThat(failure(new UnknownHostException("vm"))).contains("DNS");
        assertThat(failure(new NoRouteToHostException("No route to host"))).contains("no route to vm:8428");
        assertThat(failure(new ConnectException("Network is unreachable"))).contains("no route to vm:8428");
        assertThat(failure(new SSLHandshakeException("PKIX path building failed")))
                .contains("certificate");
        assertThat(failure(new SocketException("Connection reset"))).contains("broke", "Connection reset");
        assertThat(failure(new DeliveryException(Reason.TOKEN_FILE, "token.file x does not exist")))
                .isEqualTo("token.file x does not exist");
        assertThat(failure(new IOException())).contains("broke");
    }

    @Test
    void withoutADefaultRouteItIsTheNetworkThatIsAbsent() {
        for (IOException exception : List.of(
                new UnknownHostException("vm"),
                new NoRouteToHostException("No route to host"),
                new SocketException("Network is unreachable (connect failed)"))) {
            Failure failure = Breakdown.of(exception, endpoint("http://vm:8428/x"), () -> false);
            assertThat(failure.reason()).isEqualTo(Reason.NO_NETWORK);
            assertThat(failure.message()).contains("no default route");
        }
        assertThat(Breakdown.of(new ConnectException("Connection refused"), endpoint("http://vm:8428/x"), () -> false)
                        .reason())
                .isEqualTo(Reason.CONNECT);
    }

    @ParameterizedTest
    @CsvSource({
        "'', http://vm:8428/x, 'it wants a login: set token.file, or user and password in url'",
        "/run/token, http://vm:8428/x, check the token in token.file",
        "'', http://user:pw@vm:8428/x, check user and password in url"
    })
    void theAdviceOnA401NamesTheCredentialsInUse(String tokenFile, String url, String advice) {
        for (int status : new int[] {401, 403}) {
            Answer answer = Classification.of(
                    new Reply(status, null, null, List.of(), null, true, ""), settings(url, tokenFile), true, 10, NOW);
            assertThat(((Failure) answer).message()).endsWith(advice);
        }
    }

    @Test
    void foreignTextIsOneShortLineWithoutSecrets() {
        Answer redirect = Classification.of(
                new Reply(302, null, "http://user:pw@portal/login?session=secret#x", List.of(), null, true, ""),
                settings("http://vm:8428/x", ""),
                true,
                10,
                NOW);
        Answer long400 = answer(
                400, "remoteAddr: \"10.0.0.1:1\"; requestURI: /api?token=secret; bad\n\u001b[31m" + "x".repeat(10_000));

        assertThat(((Failure) redirect).message())
                .contains("http://portal/login")
                .doesNotContain("secret", "pw");
        assertThat(((Failure) long400).message())
                .hasSizeLessThan(300)
                .contains("bad")
                .doesNotContain("secret", "\n", "\u001b");
    }

    @Test
    void retryAfterIsSecondsOrADateUpToAnHour() {
        assertThat(retryAfter(null, "7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(retryAfter(null, "Sun, 01 Mar 2026 12:00:30 GMT")).isEqualTo(Duration.ofSeconds(30));
        assertThat(retryAfter(null, "Sun, 01 Mar 2026 11:00:30 GMT")).isEqualTo(Duration.ZERO);
        assertThat(retryAfter(null, "Sun, 01 Mar 2026 19:00:00 GMT")).isEqualTo(Duration.ofHours(1));
        // The device's clock is off by a day: the server's own counts.
        assertThat(retryAfter("Mon, 02 Mar 2026 12:00:00 GMT", "Mon, 02 Mar 2026 12:00:30 GMT"))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "7.5, 7500",
        "7s, 7000",
        "7 seconds, 7000",
        "2m, 120000",
        "1h, 3600000",
        "999999999, 3600000",
        "99999999999999999999, 3600000",
        "'Sunday, 01-Mar-26 12:00:30 GMT', 30000",
        "Sun Mar  1 12:00:30 2026, 30000",
        "'7, 7', 7000",
        "'7, 90', 90000",
        "'Sun, 01 Mar 2026 12:00:30 GMT, 7', 30000",
        "'soon, 7', 7000"
    })
    void proxiesWriteRetryAfterInOtherWays(String header, long millis) {
        assertThat(retryAfter(null, header)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void ofTwoHeadersTheLongerCounts() {
        assertThat(retryAfter(null, "7", "90")).isEqualTo(Duration.ofSeconds(90));
        assertThat(retryAfter(null, "Sun, 01 Mar 2026 12:00:30 GMT", "soon", "7"))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5.2", "Sun, 99 Mar 2026 12:00:30 GMT", "7 bananas"})
    void nonsenseIsNoRetryAfter(String header) {
        assertThat(RetryAfter.parse(List.of(header), null, NOW)).isEmpty();
    }

    private static Duration retryAfter(String date, String... headers) {
        Answer answer = Classification.of(
                new Reply(429, null, null, List.of(headers), date, true, ""),
                settings("http://vm:8428/x", ""),
                true,
                10,
                NOW);
        return ((Failure) answer).retryAfter().orElseThrow();
    }

    private static Answer answer(int status, String text) {
        return Classification.of(
                new Reply(status, "text/plain", null, List.of(), null, true, text),
                settings("http://vm:8428/x", ""),
                true,
                10,
                NOW);
    }

    private static Failure failure(int status, String text) {
        return (Failure) answer(status, text);
    }

    private static Endpoint endpoint(String url) {
        return Endpoint.parse("url", url).orElseThrow();
    }

    private static UploaderSettings settings(String url, String tokenFile) {
        List<InvalidSettingException> problems = new ArrayList<>();
        UploaderSettings settings = UploaderSettings.read(
                TypedConfiguration.of(UploaderConfig.class, Map.of("url", url, "token.file", tokenFile)),
                new SettingReader(problems));
        assertThat(problems).isEmpty();
        return settings;
    }

    private static String failure(IOException exception) {
        return Breakdown.of(exception, endpoint("http://vm:8428/x"), () -> true).message();
    }
}
