package io.tidewatch.uploader.victoriametrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which failures of uploads are logged. */
final class UploadStateTest {
    private static final Failure REFUSED = new Failure(Reason.CONNECT, "no connection to vm:8428");
    private static final Endpoint ENDPOINT = endpoint("http://vm:8428/api/v1/import");

    private final AtomicLong nanos = new AtomicLong();
    private final UploadState state = new UploadState(nanos::get);

    @BeforeEach
    void configure() {
        state.target(settings(ENDPOINT.toString()));
    }

    @Test
    void eachOutageAfterAMinuteThatWorkedIsLogged() {
        for (int outage = 0; outage < 5; outage++) {
            works();
            passes(Duration.ofMinutes(1));
            assertThat(state.failed(REFUSED)).contains("Uploads fail: no connection to vm:8428");
            passes(Duration.ofSeconds(30));
            assertThat(state.failed(REFUSED)).isEmpty();
        }
    }

    @Test
    void whatFailsAndWorksByTurnsIsLoggedOnceAnHour() {
        int lines = 0;
        for (int turn = 0; turn < 180; turn++) {
            works();
            passes(Duration.ofSeconds(30));
            lines += state.failed(REFUSED).isPresent() ? 1 : 0;
            passes(Duration.ofSeconds(30));
        }

        assertThat(lines).isEqualTo(3);
    }

    @Test
    void anOutageThatLastsIsLoggedHourly() {
        assertThat(state.failed(REFUSED)).isPresent();
        passes(Duration.ofMinutes(59));
        assertThat(state.failed(REFUSED)).isEmpty();
        passes(Duration.ofMinutes(1));

        assertThat(state.failed(REFUSED)).contains("Uploads have failed for 60 min: no connection to vm:8428");
    }

    @Test
    void theFirstFailureOfAnotherServerIsLogged() {
        assertThat(state.failed(REFUSED)).isPresent();
        passes(Duration.ofSeconds(30));

        state.target(settings("http://other:8428/api/v1/import"));

        assertThat(state.failed(REFUSED)).contains("Uploads fail: no connection to vm:8428");
    }

    @Test
    void aRequestThatEndsBehindAChangeSaysNothingOfTheNewServer() {
        state.target(settings("http://other:8428/api/v1/import"));
        passes(Duration.ofSeconds(30));

        state.attemptFailed(REFUSED, ENDPOINT);
        assertThat(state.view().failure()).isNull();
        state.accepted(ENDPOINT);
        assertThat(state.view().accepted()).isFalse();
        assertThat(state.view().sinceAccepted()).isZero();

        state.attemptFailed(REFUSED, endpoint("http://other:8428/api/v1/import"));
        assertThat(state.view().failure()).isEqualTo(REFUSED);
        state.accepted(endpoint("http://other:8428/api/v1/import"));
        assertThat(state.view().failure()).isNull();
        assertThat(state.view().accepted()).isTrue();
    }

    private static Endpoint endpoint(String url) {
        return Endpoint.parse("url", url).orElseThrow();
    }

    private static UploaderSettings settings(String url) {
        return UploaderSettings.read(
                new WrittenSettings(Map.of("url", url)).as(UploaderConfig.class), new SettingReader(new ArrayList<>()));
    }

    private void works() {
        state.accepted(ENDPOINT);
        state.fine(1);
    }

    private void passes(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
