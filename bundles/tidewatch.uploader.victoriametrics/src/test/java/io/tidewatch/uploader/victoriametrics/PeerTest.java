package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.Fault;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A success counts only from a peer that is known to be the server. */
final class PeerTest {
    private static final Fault GARDEN_204 = Fault.status(204, "");
    private static final Fault GARDEN_200 = Fault.status(200, "");
    private static final Fault GARDEN_COUNT = Fault.status(200, "{\"accepted\": 1000}");

    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"204", "200", "count"})
    void nothingIsMarkedThatAWalledGardenAccepts(String kind) throws Exception {
        walledGarden(kind.equals("204") ? GARDEN_204 : kind.equals("200") ? GARDEN_200 : GARDEN_COUNT);
        for (int i = 0; i < 20; i++) {
            rig.append(rig.now, Priority.NORMAL, 50);
            rig.cycle();
        }

        assertThat(rig.list.pending()).hasSize(20 * 50);
        assertThat(rig.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.health().details()).containsEntry("intercepted", true).doesNotContainKey("last_upload_time");

        backHome();
        rig.drain();
        assertThat(rig.health().status()).isEqualTo(Status.OK);
        assertThat(new HashSet<>(rig.receiver.samples())).hasSize(20 * 50);
    }

    @Test
    void anUnknownPeerGetsAProbeWithoutSamplesPerInterval() throws Exception {
        walledGarden(GARDEN_204);
        for (int i = 0; i < 10; i++) {
            rig.append(rig.now, Priority.NORMAL, 50);
            rig.cycle();
        }

        assertThat(rig.receiver.requests()).hasSize(10);
        assertThat(rig.receiver.requests().stream().skip(1))
                .as("nothing but a gzip header")
                .allMatch(request -> request.bodyBytes() < 30);
        assertThat(rig.report.figures().failures()).isEqualTo(Map.of("unknown_peer", 10L));
    }

    @Test
    void anotherServerGetsSamplesAtOnce() throws Exception {
        walledGarden(GARDEN_204);
        rig.append(rig.now, Priority.NORMAL, 50);
        rig.cycle();
        int before = rig.receiver.requests().size();
        backHome();
        rig.configure("url", rig.receiver.url().toString().replace("127.0.0.1", "localhost"));
        rig.cycle();

        assertThat(rig.receiver.requests().get(before).samples()).hasSize(50);
        rig.assertAllDelivered();
    }

    @Test
    void aGardenThatBeginsInTheMiddleCostsNothing() throws Exception {
        rig.append(rig.now, Priority.NORMAL, 5);
        rig.cycle();
        walledGarden(GARDEN_204);
        for (int i = 0; i < 5; i++) {
            rig.append(rig.now, Priority.NORMAL, 5);
            rig.cycle();
        }
        assertThat(rig.list.pending()).hasSize(25);
        backHome();
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void aServerWithoutTheHeaderIsKnownByItsPage() throws Exception {
        rig.receiver.anonymous(true);
        for (int i = 0; i < 10; i++) {
            rig.append(rig.now, Priority.NORMAL, 5);
            rig.cycle();
        }

        rig.assertAllDelivered();
        assertThat(rig.health().status()).isEqualTo(Status.OK);
        assertThat(rig.startsAsked).hasSizeLessThan(3);
    }

    @Test
    void whatWasAcceptedForThePageAloneIsResentWhenThePageIsGone() throws Exception {
        rig.receiver.anonymous(true);
        cycles(5);
        // From here on the middlebox answers, unnoticed until the page is read again.
        walledGarden(GARDEN_204);
        cycles(40);
        assertThat(rig.list.pending()).isNotEmpty();
        assertThat(rig.health().status()).isEqualTo(Status.DEGRADED);

        backHome();
        rig.drain();
        assertThat(new HashSet<>(rig.receiver.samples()))
                .containsAll(rig.list.entries().stream().map(Samples::onTheWire).toList());
    }

    @Test
    void peerAnySwitchesItOff() throws Exception {
        rig.configure("peer", "any");
        rig.receiver.anonymous(true);
        rig.serverStart = null;
        cycles(5);

        rig.assertAllDelivered();
    }

    @Test
    void anEmpty200CountsOnlyFromAKnownPeerAndIfConfigured() throws Exception {
        rig.receiver.byDefault(Fault.ACCEPT_200);
        cycles(1);
        assertThat(rig.list.pending()).hasSize(1);
        assertThat(rig.health().message()).contains("answers 200 with nothing", "accept.empty.200 = true");

        rig.configure("accept.empty.200", "true");
        rig.drain();
        assertThat(Collections.frequency(
                        rig.receiver.samples(), rig.receiver.samples().get(0)))
                .isGreaterThan(1);

        rig.receiver.anonymous(true);
        rig.serverStart = null;
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();
        assertThat(rig.list.pending()).hasSize(1);
        assertThat(rig.health().message()).contains("nothing shows that it is VictoriaMetrics", "peer = any");
    }

    private void walledGarden(Fault answer) {
        rig.receiver.anonymous(true);
        rig.receiver.byDefault(answer);
        rig.serverStart = null;
    }

    private void backHome() {
        rig.receiver.anonymous(false);
        rig.receiver.byDefault(Fault.ACCEPT);
        rig.serverStart = Rig.NOW.minusSeconds(1_000_000);
    }

    private void cycles(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            rig.append(rig.now, Priority.NORMAL, 1);
            rig.cycle();
        }
    }
}
