package io.tidewatch.uploader.victoriametrics.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.uploader.victoriametrics.Samples;
import io.tidewatch.uploader.victoriametrics.encoding.ChunkEncoder;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each of these would last for ever without its limit. */
@Timeout(60)
final class ImportClientTest {
    private final ImportClient client = new ImportClient("1");
    private ScriptedReceiver receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = ScriptedReceiver.start();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        receiver.close();
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        receiver.script(Fault.STALL);
        assertThatThrownBy(() -> post("300ms", chunk(1))).isInstanceOf(IOException.class);
    }

    @Test
    void whatWasSentIsToldFromWhatFoundNoConnection() throws IOException {
        receiver.script(Fault.STALL);
        assertThatThrownBy(() -> post("300ms", chunk(1))).isInstanceOf(IOException.class);
        assertThat(client.connected()).isTrue();

        receiver.refuseConnections();
        assertThatThrownBy(() -> post("10s", chunk(1))).isInstanceOf(IOException.class);
        assertThat(client.connected()).isFalse();
    }

    @Test
    void aServerThatAnswersByteByByteIsGivenUp() {
        receiver.script(Fault.TRICKLE);
        assertThatThrownBy(() -> post("300ms", chunk(1)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("The request took too long");
    }

    @Test
    void aServerThatDoesNotReadIsGivenUp() {
        receiver.script(Fault.STALL_WITHIN_BODY);
        byte[] noise = new byte[16 << 20];
        new Random(1).nextBytes(noise);
        assertThatThrownBy(() -> post("300ms", noise))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("The request took too long");
    }

    @Test
    void closingBreaksOffARequest() {
        receiver.script(Fault.STALL);
        CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(post("1h", chunk(1)));
            } catch (IOException e) {
                return e;
            }
        });
        Awaitility.await().until(() -> receiver.requests().size() == 1);

        client.close();

        assertThat(failure.join()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post("1h", chunk(1))).isInstanceOf(IOException.class);
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void aConnectionServesSeveralChunks() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(post("10s", chunk(i)).status()).isEqualTo(204);
        }
        assertThat(receiver.connections()).isEqualTo(1);
    }

    @Test
    void aKeptConnectionThatDiedIsNotTriedAgainInSilence() throws IOException {
        post("10s", chunk(1));
        receiver.script(Fault.RESET_AFTER_BODY);

        assertThatThrownBy(() -> post("10s", chunk(2))).isInstanceOf(IOException.class);
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void namesOfDevicesFitIntoAHeader() {
        assertThat(ImportClient.printable("rig-2.studio")).isEqualTo("rig-2.studio");
        assertThat(ImportClient.printable("Büro 1\r\n100%")).isEqualTo("B%C3%BCro%201%0D%0A100%25");
    }

    private Reply post(String timeout, byte[] body) throws IOException {
        UploaderSettings settings = UploaderSettings.read(
                TypedConfiguration.of(
                        UploaderConfig.class,
                        Map.of("timeout", timeout, "url", receiver.url().toString())),
                new SettingReader(new ArrayList<>()));
        return client.post(settings, Optional.of("rig-1"), body, body.length);
    }

    private static byte[] chunk(double value) {
        ChunkEncoder encoder = new ChunkEncoder();
        encoder.encode(
                List.of(Samples.samples(Samples.series("a", Map.of()), value).all()), 1000);
        return Arrays.copyOf(encoder.buffer(), encoder.length());
    }
}
