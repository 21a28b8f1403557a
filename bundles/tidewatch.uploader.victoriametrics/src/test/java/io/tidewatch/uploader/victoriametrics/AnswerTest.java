package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.uploader.victoriametrics.Answer.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "204 | -                                        | ACCEPTED    | 50",
                "200 | -                                        | ACCEPTED    | 50",
                "200 | {\"accepted\": 50}                       | ACCEPTED    | 50",
                "200 | {\"accepted\": 51}                       | ACCEPTED    | 50",
                "200 | {\"accepted\": 25}                       | PARTIAL     | 25",
                "200 | {\"accepted\": 0}                        | PARTIAL     | 0",
                "200 | {\"x\": {\"accepted\": 9}, \"accepted\": 3} | PARTIAL  | 3",
                "200 | {\"accepted\": -1}                       | INTERCEPTED | 0",
                "200 | {\"accepted\": \"50\"}                   | INTERCEPTED | 0",
                "200 | {\"ok\": true}                           | INTERCEPTED | 0",
                "200 | <html>Log in</html>                      | INTERCEPTED | 0",
                "200 | OK                                       | INTERCEPTED | 0",
                "201 | -                                        | INTERCEPTED | 0",
                "206 | -                                        | INTERCEPTED | 0",
                "301 | -                                        | INTERCEPTED | 0",
                "302 | -                                        | INTERCEPTED | 0",
                "307 | -                                        | INTERCEPTED | 0",
                "400 | cannot find the provided auth token      | RETRY       | 0",
                "400 | missing route for /api                   | RETRY       | 0",
                "400 | unexpected EOF                           | RETRY       | 0",
                "400 | unsupported path requested: \"/x\"       | RETRY       | 0",
                "400 | too long line: more than 100 bytes       | REFUSED     | 0",
                "400 | cannot parse                             | REFUSED     | 0",
                "401 | -                                        | RETRY       | 0",
                "403 | -                                        | RETRY       | 0",
                "404 | -                                        | RETRY       | 0",
                "408 | -                                        | RETRY       | 0",
                "413 | -                                        | REFUSED     | 0",
                "422 | -                                        | REFUSED     | 0",
                "429 | -                                        | RETRY       | 0",
                "500 | -                                        | RETRY       | 0",
                "502 | Bad Gateway                              | RETRY       | 0",
                "503 | read-only mode                           | RETRY       | 0",
            })
    void meansWhatTheRulesSay(int status, String body, Verdict verdict, int accepted) {
        Answer answer = answer(status, body == null ? "" : body, null, null);

        assertThat(answer.verdict()).isEqualTo(verdict);
        assertThat(answer.accepted()).isEqualTo(accepted);
        assertThat(answer.explanation()).isNotBlank();
    }

    @Test
    void tellsTheOperatorWhatToDo() {
        assertThat(answer(401, "", null, null).explanation()).isEqualTo("The server answered 401; check token.file");
        assertThat(answer(302, "", null, "http://portal.example/login?user=me").explanation())
                .isEqualTo("The request was redirected (302) to 'http://portal.example/login':"
                        + " a captive portal, an exhausted SIM, or a wrong url");
        assertThat(answer(200, "<html>\n<b>Top up</b>", null, null).explanation())
                .contains("'<html> <b>Top up</b>'", "captive portal");
        assertThat(answer(500, "x".repeat(5000), null, null).explanation()).hasSizeLessThan(250);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7                             | PT7S",
                "' 0 '                         | PT0S",
                "Thu, 01 Jan 2026 00:02:00 GMT | PT2M",
            })
    void readsRetryAfterInBothForms(String header, Duration expected) {
        assertThat(answer(429, "", header, null).retryAfter()).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "99999999999", "Thu, 01 Jan 2020 00:00:00 GMT", "1.5"})
    void passesOverARetryAfterThatIsNone(String header) {
        assertThat(answer(429, "", header, null).retryAfter()).isEmpty();
    }

    private static Answer answer(int status, String body, String retryAfter, String location) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return Answer.of(status, bytes, bytes.length, 50, retryAfter, location, CLOCK);
    }
}
