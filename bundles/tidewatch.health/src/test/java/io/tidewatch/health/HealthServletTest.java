package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.testing.config.TypedConfiguration;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServletTest {
    private final HttpServer server = new HttpServer(
            new JettyConfiguration(new FakeConfigurations().admin()), Duration.ofSeconds(30), Duration.ofSeconds(30));
    private final SortedMap<String, Health> components = new TreeMap<>();
    private final HealthServlet servlet = new HealthServlet(
            new HealthSettings(TypedConfiguration.of(HealthSettings.Config.class), server),
            () -> components,
            Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC),
            "9.8.7",
            List::of,
            Map.of());
    private final Map<String, List<Object>> calls = new HashMap<>();
    private String accept = "*/*";
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    @AfterEach
    void close() throws InterruptedException {
        server.close();
    }

    @Test
    void answersWithTheChecksThatAreThere() throws IOException {
        components.put("storage", Health.ok("ünder way", Map.of()));
        request("GET", "/health");

        String json = body.toString(StandardCharsets.UTF_8);
        assertThat(json)
                .contains("\"version\":\"9.8.7\"", "\"timestamp\":\"2026-01-01T00:00:00.000Z\"", "\"device_id\":null")
                .contains("\"storage\":{\"status\":\"ok\",\"message\":\"ünder way\"");
        assertThat(calls).containsEntry("setStatus", List.of(200));
        assertThat(calls).containsEntry("setContentType", List.of("application/json;charset=utf-8"));
        assertThat(calls).containsEntry("setContentLength", List.of(body.size()));
        assertThat(calls).containsEntry("Cache-Control", List.of("no-store"));

        components.clear();
        request("GET", "/health");
        assertThat(calls).containsEntry("setStatus", List.of(503));
    }

    @Test
    void headTellsTheLengthAndSendsNothing() throws IOException {
        request("GET", "/health/live");
        int length = body.size();
        request("HEAD", "/health/live");

        assertThat(calls).containsEntry("setContentLength", List.of(length));
        assertThat(body.size()).isZero();
    }

    @Test
    void namesTheMethodsThatItTakes() throws IOException {
        request("POST", "/health");

        assertThat(calls).containsEntry("setStatus", List.of(405)).containsEntry("Allow", List.of("GET, HEAD"));
        assertThat(body.toString(StandardCharsets.UTF_8)).startsWith("{\"code\":405");
    }

    @Test
    void metricsNeedAStore() throws IOException {
        request("GET", "/metrics");

        assertThat(calls).containsEntry("setStatus", List.of(503));
        assertThat(body.toString(StandardCharsets.UTF_8)).contains("no store is running; start the bundle");
    }

    @Test
    void aSlashTooManyIsRedirected() throws IOException {
        request("GET", "/health/ready/");
        assertThat(calls).containsEntry("setStatus", List.of(301)).containsEntry("Location", List.of("/health/ready"));

        request("GET", "/nope/");
        assertThat(calls).containsEntry("setStatus", List.of(404)).doesNotContainKey("Location");
    }

    @Test
    void aBrowserGetsLines() throws IOException {
        accept = "text/html,application/xhtml+xml,*/*;q=0.8";
        request("GET", "/health/live");

        assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo("{\n  \"status\" : \"alive\"\n}\n");
        assertThat(calls).containsEntry("setContentLength", List.of(body.size()));
    }

    @Test
    void theRootIsNotFound() throws IOException {
        request("GET", "/");

        assertThat(calls).containsEntry("setStatus", List.of(404)).doesNotContainKey("Allow");
    }

    /** As the default servlet has it: all of the path is that of the servlet. */
    private void request(String method, String path) throws IOException {
        calls.clear();
        body.reset();
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, called, args) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getHeader" -> accept;
                    case "getServletPath" -> path;
                    default -> null;
                });
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (proxy, called, args) -> {
                    if (called.getName().equals("getOutputStream")) {
                        return new Output();
                    }
                    if (called.getName().equals("setHeader")) {
                        calls.put((String) args[0], List.of(args[1]));
                    } else {
                        calls.put(called.getName(), List.of(args));
                    }
                    return null;
                });
        servlet.service(request, response);
    }

    private final class Output extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(int b) {
            body.write(b);
        }
    }
}
