package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import com.sun.management.ThreadMXBean;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.uploader.victoriametrics.answer.Answer;
import io.tidewatch.uploader.victoriametrics.answer.Classification;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.http.Connector;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that come early, in parts, with more or less than they should have: what HttpURLConnection makes of them. */
@Timeout(60)
final class AnswersTest {
    private static final String OK = "HTTP/1.1 204 No Content\r\n\r\n";

    /** More than the buffers of both ends hold. */
    private static final int LARGE = 16 << 20;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ImportClient client = new ImportClient("1");

    @AfterEach
    void stop() throws Exception {
        client.close();
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void aRefusalThatComesWhileSendingIsRead() throws Exception {
        RawServer server = start((socket, in, out) -> {
            RawServer.readHead(in);
            in.readNBytes(1000);
            RawServer.write(out, "HTTP/1.1 413 Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
            socket.setSoLinger(true, 0);
        });

        Reply reply = post(server, noise(LARGE), Map.of());

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.text()).isEqualTo("too much");
    }

    @Test
    void aSuccessThatComesWhileSendingIsNone() throws Exception {
        RawServer server = start((socket, in, out) -> {
            RawServer.readHead(in);
            in.readNBytes(1000);
            RawServer.write(out, OK);
            socket.setSoLinger(true, 0);
        });

        assertThatThrownBy(() -> post(server, noise(LARGE), Map.of())).isInstanceOf(IOException.class);
    }

    @Test
    void aLeaveToGoOnIsNoAnswer() throws Exception {
        RawServer server = start((socket, in, out) -> {
            for (String head = RawServer.readHead(in); head != null; head = RawServer.readHead(in)) {
                RawServer.write(out, "HTTP/1.1 100 Continue\r\n\r\n");
                in.readNBytes(RawServer.contentLength(head));
                RawServer.write(out, OK);
            }
        });

        assertThat(post(server, noise(100), Map.of()).status()).isEqualTo(204);
        assertThat(post(server, noise(100), Map.of()).status()).isEqualTo(204);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void whatComesBehindA204IsNotTheNextAnswer() throws Exception {
        RawServer server = start((socket, in, out) -> {
            while (RawServer.readRequest(in)) {
                RawServer.write(out, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello");
            }
        });

        for (int i = 0; i < 3; i++) {
            assertThat(post(server, noise(100), Map.of()).status()).isEqualTo(204);
        }
    }

    @Test
    void aBodyInPartsIsAnswerOnlyIfItEnds() throws Exception {
        AtomicInteger number = new AtomicInteger();
        RawServer server = start((socket, in, out) -> {
            RawServer.readRequest(in);
            String end = number.getAndIncrement() == 0 ? "0\r\n\r\n" : "";
            RawServer.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + end);
        });

        assertThat(post(server, noise(100), Map.of()).status()).isEqualTo(200);
        assertThatThrownBy(() -> post(server, noise(100), Map.of())).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        RawServer server = start((socket, in, out) -> {
            while (RawServer.readRequest(in)) {
                requests.incrementAndGet();
                RawServer.write(
                        out, "HTTP/1.1 " + status + " Elsewhere\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n");
            }
        });

        Reply reply = post(server, noise(100), Map.of());

        assertThat(((Answer.Failure) meaning(reply)).reason()).isEqualTo(Reason.INTERCEPTED);
        assertThat(requests).hasValue(1);
    }

    /** Wherever the header comes from, the connection may be gone without a trace on the way. */
    @Test
    void aServerCannotLengthenTheTimeThatAConnectionIsKept() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        RawServer server = start((socket, in, out) -> {
            while (RawServer.readRequest(in)) {
                RawServer.write(
                        out, "HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=3600\r\nConnection: keep-alive\r\n\r\n");
            }
            ended.incrementAndGet();
        });
        AtomicLong nanos = new AtomicLong();
        try (ImportClient patient = new ImportClient(
                "1", new Connector(InetAddress::getAllByName, nanos::get), () -> 0, Duration.ofSeconds(3))) {
            UploaderSettings settings = settings(server, Map.of());
            byte[] body = noise(100);
            for (int cycle = 1; cycle <= 4; cycle++) {
                for (int chunk = 0; chunk < 3; chunk++) {
                    patient.post(settings, Optional.of("rig-1"), body, body.length);
                    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
                }
                assertThat(server.connections()).isEqualTo(cycle);
                nanos.addAndGet(Duration.ofSeconds(25).toNanos());
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(50)).until(() -> ended.get() >= 3);
    }

    @Test
    void aRequestThatHangsEndsWhenTheNetworkChangesOncePerTimeout() throws Exception {
        AtomicLong network = new AtomicLong();
        AtomicInteger requests = new AtomicInteger();
        AtomicLong atAnswer = new AtomicLong();
        RawServer server = start((socket, in, out) -> {
            RawServer.readRequest(in);
            if (requests.incrementAndGet() == 1) {
                in.read();
            } else {
                // Late, after several changes of the network.
                atAnswer.set(network.get());
                Awaitility.await().until(() -> network.get() > atAnswer.get() + 5);
                RawServer.write(out, OK);
            }
        });
        try (ImportClient patient =
                new ImportClient("1", new Connector(), network::incrementAndGet, Duration.ofMillis(50))) {
            byte[] body = noise(100);
            UploaderSettings settings = settings(server, Map.of("timeout", "10m"));
            assertThatThrownBy(() -> patient.post(settings, Optional.empty(), body, body.length))
                    .isNotInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("the network of this device changed");
            assertThat(patient.post(settings, Optional.empty(), body, body.length)
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    @Tag("slow")
    void anIdleConnectionIsClosedBeforeTheServerDoes() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        RawServer server = start((socket, in, out) -> {
            while (RawServer.readRequest(in)) {
                RawServer.write(out, OK);
            }
            ended.set(true);
        });
        post(server, noise(100), Map.of());

        Awaitility.await().atMost(Duration.ofSeconds(50)).untilTrue(ended);
    }

    @Test
    void aRequestLeavesLittleBehind() throws Exception {
        RawServer server = start((socket, in, out) -> {
            while (RawServer.readRequest(in)) {
                RawServer.write(out, OK);
            }
        });
        byte[] body = noise(20_000);
        Map<String, String> keys = Map.of(
                "token.file", SecretFile.write(folder.resolve("token"), "t").toString());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20; i++) {
            post(server, body, keys);
        }
        UploaderSettings settings = settings(server, keys);

        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < 100; i++) {
            client.post(settings, Optional.of("rig-1"), body, body.length);
        }
        long perRequest =
                (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / 100;

        // Bytes, on the thread of the uploader. The body of 20,000 is copied by nobody.
        assertThat(perRequest).isLessThan(32_000);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aSecretThatEverybodyMayReadIsNotSent() throws Exception {
        RawServer server = start((socket, in, out) -> {
            while (RawServer.readRequest(in)) {
                RawServer.write(out, OK);
            }
        });
        Path token = SecretFile.write(folder.resolve("token"), "t");
        Map<String, String> keys = Map.of("token.file", token.toString());

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> post(server, noise(100), keys))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.EXPOSED_SECRET, DeliveryException::reason);
        assertThat(server.connections()).isZero();

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(post(server, noise(100), keys).status()).isEqualTo(204);
    }

    private RawServer start(RawServer.Conversation conversation) throws IOException {
        RawServer server = RawServer.start(conversation);
        open.add(server);
        return server;
    }

    private Reply post(RawServer server, byte[] body, Map<String, String> keys) throws IOException {
        UploaderSettings settings = settings(server, keys);
        return client.post(settings, Optional.empty(), body, body.length);
    }

    private static UploaderSettings settings(RawServer server, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(more);
        keys.put("url", "http://127.0.0.1:" + server.port() + "/api/v1/import");
        return UploaderSettings.read(
                TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(new ArrayList<>()));
    }

    private static Answer meaning(Reply reply) {
        return Classification.of(
                reply,
                UploaderSettings.read(
                        TypedConfiguration.of(UploaderConfig.class, Map.of("url", "http://vm:8428/")),
                        new SettingReader(new ArrayList<>())),
                true,
                1,
                Rig.NOW);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
