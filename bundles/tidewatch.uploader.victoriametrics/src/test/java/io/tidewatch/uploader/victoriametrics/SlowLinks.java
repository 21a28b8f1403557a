package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.ThrottledLink;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.testing.server.VmAuth;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drains a backlog over links of some hundred bytes per second, straight and behind vmauth, and prints what it took; on
 * demand, as it takes minutes: {@code ./test servers}.
 */
final class SlowLinks {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String PATH = "/api/v1/import";
    private static final long UNLIMITED = 1_000_000_000;
    private static final long TIMEOUT_SECONDS = 30;
    private static final double MOST = 1.3;

    @TempDir
    Path folder;

    /** @param inVain bytes of requests that failed, at most: as many as the link carries until the timeout */
    private record Line(String text, long sent, long inVain) {
        double overAccepted() {
            return (double) sent / (sent - inVain);
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everythingArrivesAndLittleIsSentTwice() throws Exception {
        Path token = folder.resolve("token");
        SecretFile.write(token, "right");
        List<Callable<Line>> drains = new ArrayList<>();
        for (boolean behindVmAuth : new boolean[] {false, true}) {
            for (long rate : new long[] {UNLIMITED, 2000, 300, 150}) {
                drains.add(() -> drain(rate, behindVmAuth, token));
            }
        }
        ExecutorService executor = Executors.newFixedThreadPool(drains.size());
        try {
            List<Future<Line>> lines = executor.invokeAll(drains);
            long unhindered = lines.get(0).get().sent();
            for (Future<Line> future : lines) {
                Line line = future.get();
                System.out.printf(
                        Locale.ROOT,
                        "%s; over those of accepted requests at most %.2f, over those of a fast link %.2f%n",
                        line.text(),
                        line.overAccepted(),
                        (double) line.sent() / unhindered);
            }
            for (Future<Line> line : lines) {
                assertThat((double) line.get().sent() / unhindered)
                        .as(line.get().text())
                        .isLessThanOrEqualTo(MOST);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static Line drain(long rate, boolean behindVmAuth, Path token) throws Exception {
        ListStore store = new ListStore();
        Samples.fillBacklog(store, CLOCK.instant().minus(Duration.ofHours(6)), new Random(17));
        try (VictoriaMetrics server = VictoriaMetrics.start();
                VmAuth gate = VmAuth.start(server.url(), PATH, "right");
                ThrottledLink link = new ThrottledLink(behindVmAuth ? root(gate) : server.url(), rate)) {
            Map<String, String> keys = new HashMap<>();
            keys.put("url", link.url(PATH).toString());
            keys.put("token.file", token.toString());
            keys.put("upload.interval", "5s");
            // What a server that was just started gets twice is not of the link.
            keys.put("settle.time", "0s");
            Uploader uploader =
                    new Uploader(TypedConfiguration.of(UploaderConfig.class, keys), "1.2.3", CLOCK, new NoServices());
            try {
                long start = System.nanoTime();
                uploader.bindStore(store);
                Awaitility.await()
                        .atMost(Duration.ofMinutes(25))
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> store.pending().isEmpty());
                assertThat(store.quarantined()).isEmpty();
                Map<String, Object> details = uploader.check().details();
                long sent = link.bytesSent();
                String text = String.format(
                        Locale.ROOT,
                        "%,d B/s%s: %,d samples in %,d s, %,d bytes sent, %s attempts failed",
                        rate,
                        behindVmAuth ? " behind vmauth" : "",
                        store.entries().size(),
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                        sent,
                        details.get("failures_total"));
                server.flush();
                long stored = server.export("{device_id=\"slow\"}").values().stream()
                        .mapToLong(Map::size)
                        .sum();
                assertThat(stored).as(text).isEqualTo(store.entries().size());
                System.out.println(text);
                return new Line(text, sent, (Long) details.get("failures_total") * rate * TIMEOUT_SECONDS);
            } finally {
                uploader.deactivate();
            }
        }
    }

    private static URI root(VmAuth gate) {
        return gate.url("");
    }
}
