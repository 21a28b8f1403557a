package io.tidewatch.api.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpDateTest {
    private static final Instant MOMENT = Instant.parse("1994-11-06T08:49:37Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                " Sun, 6 Nov 1994 08:49:37 GMT ",
                "Sun, 06 Nov 1994 10:49:37 +0200",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994"
            })
    void readsTheThreeFormats(String header) {
        assertThat(HttpDate.parse(header)).contains(MOMENT);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "1994-11-06T08:49:37Z",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 31 Nov 1994 08:49:37 GMT"
            })
    void anythingElseIsNone(String header) {
        assertThat(HttpDate.parse(header)).isEmpty();
    }

    @Test
    void aServerThatAnswersInItsSecondAgrees() {
        Skew skew = Skew.ofServer(MOMENT, MOMENT.minusMillis(500), Duration.ofSeconds(2));

        assertThat(skew).isEqualTo(new Skew(Duration.ZERO, Duration.ofMillis(1500)));
    }
}
