package io.tidewatch.uploader.victoriametrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which failures of uploads are logged. */
final class UploadStateTest {
    private static final Failure REFUSED = new Failure(Reason.CONNECT, "no connection to vm:8428");

    private final AtomicLong nanos = new AtomicLong();
    private final UploadState state = new UploadState(nanos::get);

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

        state.target(UploaderSettings.read(
                new WrittenSettings(Map.of("url", "http://other:8428/api/v1/import")).as(UploaderConfig.class),
                new SettingReader(new ArrayList<>())));

        assertThat(state.failed(REFUSED)).contains("Uploads fail: no connection to vm:8428");
    }

    private void works() {
        state.accepted();
        state.fine(1);
    }

    private void passes(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
