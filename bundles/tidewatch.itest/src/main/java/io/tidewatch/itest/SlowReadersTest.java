package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.Series;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Who asks for a long page and reads nothing of it holds no thread of the server. */
class SlowReadersTest extends EndpointTest {
    /** More than two connections' buffers hold. */
    private static final int SERIES = 3_000;

    private static final int LABEL = 4_000;
    private static final int READERS = 8;
    private static final int PLACES = 4;

    @Test
    void whoReadsNothingDoesNotStopHealthAndIsCutOff() throws Exception {
        LongHistory history = new LongHistory();
        ServiceRegistration<SampleHistory> registration = context.registerService(
                SampleHistory.class,
                history,
                FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, Integer.MAX_VALUE)));
        List<Socket> readers = new ArrayList<>();
        try {
            await("the long page").until(() -> {
                HealthEndpoint.Answer answer = endpoint.get("/metrics");
                return answer.body().length() > SERIES * LABEL && answer.body().endsWith("} " + (SERIES - 1) + "\n");
            });
            history.asked.set(0);
            for (int i = 0; i < READERS; i++) {
                readers.add(ask(endpoint.port()));
            }
            await("every place to be taken").until(() -> history.asked.get() == PLACES);
            await("a refusal").until(() -> endpoint.get("/metrics").status() == 503);
            assertThat(endpoint.get("/metrics").body()).contains("as many as may read this page at once do");
            for (int i = 0; i < 20; i++) {
                assertThat(endpoint.get("/health/live").status()).isEqualTo(200);
                assertThat(endpoint.get("/health").body()).contains("\"components\"");
            }
            assertThat(history.asked.get()).isEqualTo(PLACES);

            await("the readers to be cut off")
                    .until(() -> endpoint.get("/metrics").status() == 200);
        } finally {
            registration.unregister();
            for (Socket reader : readers) {
                reader.close();
            }
        }
    }

    private static Socket ask(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write("GET /metrics HTTP/1.1\r\nHost: agent\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static final class LongHistory implements SampleHistory {
        private final AtomicInteger asked = new AtomicInteger();
        private final List<NewestSample> newest = IntStream.range(0, SERIES)
                .mapToObj(i -> new NewestSample(
                        new Series(
                                "long.page",
                                Kind.GAUGE,
                                Unit.NONE,
                                "rig-1",
                                new TreeMap<>(Map.of("number", i + "x".repeat(LABEL))),
                                Priority.NORMAL),
                        Instant.EPOCH,
                        i,
                        Optional.empty(),
                        "A long page",
                        Duration.ZERO))
                .toList();

        @Override
        public void read(HistoryQuery query, Predicate<Series> wanted, Visitor visitor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Series> series() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<NewestSample> newest() {
            asked.incrementAndGet();
            return newest;
        }
    }
}
