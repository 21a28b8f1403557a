package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.uploader.victoriametrics.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.Answer.Intercepted;
import io.tidewatch.uploader.victoriametrics.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.Answer.Refused;
import io.tidewatch.uploader.victoriametrics.Answer.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClassificationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void successIs204Or200WithoutBody() {
        assertThat(answer(204, "")).isEqualTo(new Accepted());
        assertThat(answer(200, "")).isEqualTo(new Accepted());
        assertThat(answer(200, " \r\n")).isEqualTo(new Accepted());
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
        assertThat(answer(status, text)).isInstanceOf(Intercepted.class);
    }

    @ParameterizedTest
    @CsvSource({
        "401, '', token.file",
        "403, forbidden, token.file",
        "404, '', path of url",
        "407, '', proxy",
        "408, '', too much",
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
        "400, 'cannot read gzipped vmimport data: unexpected EOF', whole"
    })
    void theSameMaySucceedLater(int status, String text, String advice) {
        assertThat(answer(status, text)).isInstanceOfSatisfying(Retry.class, retry -> assertThat(retry.message())
                .contains("vm:8428", String.valueOf(status), advice));
    }

    @ParameterizedTest
    @CsvSource({"400, too long line", "400, ''", "413, ''", "413, <html>Too large</html>", "422, bad data"})
    void theServerDislikesTheSamples(int status, String text) {
        assertThat(answer(status, text)).isInstanceOf(Refused.class);
    }

    @Test
    void exceptionsSayWhatToCheck() {
        assertThat(failure(new ConnectException("Connection refused"))).contains("is VictoriaMetrics running there");
        assertThat(failure(new SocketTimeoutException("Read timed out"))).contains("in time");
        assertThat(failure(new DeadlineException(new SocketException("Socket closed"))))
                .contains("in time");
        assertThat(failure(new UnknownHostException("vm"))).contains("DNS");
        assertThat(failure(new NoRouteToHostException("No route to host"))).contains("no route to vm:8428");
        assertThat(failure(new SSLHandshakeException("PKIX path building failed")))
                .contains("certificate");
        assertThat(failure(new SocketException("Connection reset"))).contains("broke", "Connection reset");
        assertThat(failure(new TokenFileException("token.file x does not exist")))
                .isEqualTo("token.file x does not exist");
        assertThat(failure(new IOException())).contains("broke");
    }

    @Test
    void foreignTextIsOneShortLineWithoutSecrets() {
        Answer redirect = Classification.of(
                new Reply(302, null, "http://user:pw@portal/login?session=secret#x", null, null, ""),
                "vm:8428",
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
        assertThat(retryAfter("7", null)).isEqualTo(Duration.ofSeconds(7));
        assertThat(retryAfter("999999999", null)).isEqualTo(Duration.ofHours(1));
        assertThat(retryAfter("Sun, 01 Mar 2026 12:00:30 GMT", null)).isEqualTo(Duration.ofSeconds(30));
        assertThat(retryAfter("Sun, 01 Mar 2026 11:00:30 GMT", null)).isEqualTo(Duration.ZERO);
        assertThat(retryAfter("Sun, 01 Mar 2026 19:00:00 GMT", null)).isEqualTo(Duration.ofHours(1));
        // The device's clock is off by a day: the server's own counts.
        assertThat(retryAfter("Mon, 02 Mar 2026 12:00:30 GMT", "Mon, 02 Mar 2026 12:00:00 GMT"))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "Sun, 99 Mar 2026 12:00:30 GMT", "99999999999999999999"})
    void nonsenseIsNoRetryAfter(String header) {
        assertThat(RetryAfter.parse(header, null, NOW)).isEmpty();
    }

    private static Duration retryAfter(String header, String date) {
        Answer answer = Classification.of(new Reply(429, null, null, header, date, ""), "vm:8428", 10, NOW);
        return ((Failure) answer).retryAfter().orElseThrow();
    }

    private static Answer answer(int status, String text) {
        return Classification.of(new Reply(status, "text/plain", null, null, null, text), "vm:8428", 10, NOW);
    }

    private static String failure(IOException exception) {
        return Classification.of(exception, "vm:8428").message();
    }
}
