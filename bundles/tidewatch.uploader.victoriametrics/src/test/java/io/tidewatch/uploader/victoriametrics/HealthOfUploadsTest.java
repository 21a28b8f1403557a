package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health names a failure within one attempt, is right again within one attempt of its end, and tells the age of the last acknowledgement. */
final class HealthOfUploadsTest {
    private Rig rig;
    private final List<Health> whileWaiting = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @Test
    void theFirstFailedAttemptIsInHealthAtOnce() throws Exception {
        rig.whileWaiting = wait -> whileWaiting.add(rig.health());
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.receiver.script(Fault.ERROR_503);
        rig.cycle();

        assertThat(whileWaiting).hasSize(1);
        assertThat(whileWaiting.get(0).status()).isEqualTo(Status.DEGRADED);
        assertThat(whileWaiting.get(0).message()).contains("answers 503");
        assertThat(rig.health().status()).isEqualTo(Status.OK);
    }

    @Test
    void aCycleThatIsAbandonedReportsItsFailureToo() throws Exception {
        rig.receiver.refuseConnections();
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.whileWaiting = wait -> rig.doubt = Optional.of("the clock was not compared yet");
        rig.cycle();
        assertThat(rig.health().message()).contains("no connection to");
        for (int i = 0; i < 120; i++) {
            rig.cycle();
            rig.doubt = i % 2 == 0 ? Optional.empty() : Optional.of("the clock was not compared yet");
        }

        assertThat(rig.health().message()).contains("no connection to");
        assertThat(age()).as("nothing but an acknowledgement renews it").isGreaterThanOrEqualTo(60);
        rig.whileWaiting = wait -> {};
        rig.doubt = Optional.empty();
        rig.receiver.acceptConnections();
        rig.drain();
        assertThat(rig.health().status()).isEqualTo(Status.OK);
        assertThat(age()).isLessThanOrEqualTo(35);
    }

    @Test
    void aRecoveryIsInHealthWithTheFirstAcknowledgement() throws Exception {
        rig.configure("chunk.size", "1");
        rig.receiver.byDefault(Fault.UNAUTHORIZED_401);
        rig.append(rig.now, Priority.NORMAL, 3);
        rig.cycle();
        assertThat(rig.health().status()).isEqualTo(Status.DEGRADED);

        rig.receiver.byDefault(Fault.ACCEPT);
        List<Health> during = new ArrayList<>();
        rig.duringRequest(2, () -> during.add(rig.health()));
        rig.cycle();
        assertThat(during).hasSize(1).allMatch(health -> health.status() == Status.OK);
    }

    @Test
    void theAgeIsThatOfTheLastAcknowledgementAlone() throws Exception {
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();
        for (int i = 0; i < 10; i++) {
            rig.cycle();
        }
        assertThat(age()).as("with nothing pending").isGreaterThan(250);

        rig.doubt = Optional.of("the clock is wrong");
        rig.cycle();
        rig.doubt = Optional.empty();
        rig.cycle();
        assertThat(age()).as("after uploads were held").isGreaterThan(280);
    }

    @Test
    void anotherUrlHasNotBeenUploadedToYet() throws Exception {
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();
        assertThat(rig.health().details()).containsKey("last_upload_time");

        rig.configure("url", "http://127.0.0.1:1/api/v1/import");
        rig.report.state().target(rig.settings.get());
        assertThat(rig.health().details()).doesNotContainKey("last_upload_time");
        assertThat(rig.health().message()).contains("nothing was uploaded to 127.0.0.1:1 yet");
        rig.whileWaiting = wait -> whileWaiting.add(rig.health());
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();
        assertThat(whileWaiting.get(0).status()).isEqualTo(Status.DEGRADED);
        assertThat(whileWaiting.get(0).message()).contains("no connection to 127.0.0.1:1");
    }

    @Test
    void theStateOfUploadsIsASeriesPerReason() throws Exception {
        assertThat(states()).isEqualTo(Map.of("ok", 1));
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.receiver.byDefault(Fault.UNAUTHORIZED_401);
        rig.cycle();
        assertThat(states()).isEqualTo(Map.of("ok", 0, "http_401", 1));
        rig.receiver.byDefault(Fault.ACCEPT);
        rig.cycle();
        assertThat(states()).isEqualTo(Map.of("ok", 1, "http_401", 0));
        rig.doubt = Optional.of("the clock is wrong");
        rig.cycle();
        assertThat(states()).isEqualTo(Map.of("ok", 0, "http_401", 0, "holding", 1));
        rig.configure("enabled", "false");
        rig.report.state().target(rig.settings.get());
        assertThat(states()).isEqualTo(Map.of("ok", 0, "http_401", 0, "holding", 0, "disabled", 1));
    }

    private Map<String, Integer> states() {
        return rig.report.figures().states();
    }

    private double age() {
        return ((Number) rig.health().details().get("time_since_upload_seconds")).doubleValue();
    }
}
