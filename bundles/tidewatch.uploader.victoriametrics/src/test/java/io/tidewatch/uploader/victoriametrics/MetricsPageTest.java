package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a server was started. */
final class MetricsPageTest {
    @Test
    void findsTheStartAmongOtherLines() throws IOException {
        assertThat(read("vm_a 1\nvm_app_start_timestamp 1795252138\nvm_app_uptime_seconds 3\nvm_z 2\n"))
                .contains(new ServerStart(1_795_252_138, Duration.ofSeconds(3)));
        assertThat(read("vm_app_uptime_seconds 0\nvm_app_start_timestamp 7\n"))
                .contains(new ServerStart(7, Duration.ZERO));
    }

    @Test
    void readsNoFurtherThanNeededAndNeverForEver() throws IOException {
        assertThat(MetricsPage.read(new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                }))
                .isEmpty();
        byte[] lines = "vm_app_start_timestamp 5\nvm_app_uptime_seconds 6\n".getBytes(StandardCharsets.UTF_8);
        assertThat(MetricsPage.read(new InputStream() {
                    private int next;

                    @Override
                    public int read() throws IOException {
                        if (next == lines.length) {
                            throw new IOException("read too far");
                        }
                        return lines[next++];
                    }

                    @Override
                    public int read(byte[] bytes, int from, int count) throws IOException {
                        bytes[from] = (byte) read();
                        return 1;
                    }
                }))
                .isPresent();
    }

    @Test
    void anythingElseDoesNotSay() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("<html>vm_app_start_timestamp 5</html>")).isEmpty();
        assertThat(read("vm_app_start_timestamp 5\n")).isEmpty();
        assertThat(read("vmauth_requests_total 1\nvm_app_start_timestamp 5\nvm_app_uptime_seconds 6\n"))
                .isEmpty();
        assertThat(read("vm_app_start_timestamp 99999999999999999999\nvm_app_uptime_seconds -4\n"))
                .isEmpty();
    }

    @Test
    void theRealServerSays() throws Exception {
        Clock clock = Clock.systemUTC();
        long before = clock.instant().getEpochSecond();
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ImportClient client = new ImportClient("1.2.3")) {
            Map<String, String> keys =
                    new HashMap<>(Map.of("url", server.importUrl().toString() + "?extra_label=a=b"));
            UploaderSettings settings =
                    UploaderSettings.read(TypedConfiguration.of(Uploader.Config.class, keys), new ArrayList<>());
            ServerStart start = client.serverStart(settings, settings.endpoint().orElseThrow())
                    .orElseThrow();
            assertThat(start.second()).isBetween(before - 1, clock.instant().getEpochSecond() + 1);
            assertThat(start.uptime()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
            keys.put("url", server.url().resolve("/api/v1/import").toString());
            assertThat(client.serverStart(settings, settings.endpoint().orElseThrow()))
                    .map(ServerStart::second)
                    .contains(start.second());
        }
    }

    private static Optional<ServerStart> read(String page) throws IOException {
        return MetricsPage.read(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    }
}
