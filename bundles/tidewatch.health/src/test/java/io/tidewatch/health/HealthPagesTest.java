package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthPagesTest {
    private Status status = Status.OK;
    private String notReady = "";
    private SortedMap<String, Health> components = new TreeMap<>();
    private final List<BundleInventory.State> bundles = new ArrayList<>();
    private final HealthPages pages = new HealthPages(this::report, () -> bundles);

    @Test
    void showsTheWholeReport() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("at", Instant.parse("2026-01-02T03:04:05.0069Z"));
        details.put("whole", 7L);
        details.put("part", 0.25);
        details.put("huge", new BigDecimal("12345678901234567890.5"));
        details.put("impossible", Double.NaN);
        details.put("flag", true);
        details.put("absent", null);
        details.put("list", Arrays.asList("a\"b", null, 1));
        details.put("map", Map.of("k", List.of()));
        components.put("b", Health.ok("fine", Map.of()));
        components.put("a", Health.degraded("ß\n", details));

        assertThat(pages.answer("GET", "/health").body())
                .isEqualTo(
                        """
                        {"status":"ok","message":"why","timestamp":"2026-03-04T05:06:07.000Z","uptime_seconds":61,\
                        "version":"1.2.3","device_id":null,"folders":{"state":"/s"},"components":{\
                        "a":{"status":"degraded","message":"ß\\n","timestamp":"2026-03-04T05:06:07.000Z","details":{\
                        "at":"2026-01-02T03:04:05.006Z","whole":7,"part":0.25,"huge":12345678901234567890.5,\
                        "impossible":null,"flag":true,"absent":null,"list":["a\\"b",null,1],"map":{"k":[]}}},\
                        "b":{"status":"ok","message":"fine","timestamp":"2026-03-04T05:06:07.000Z","details":{}}}}
                        """);
    }

    @Test
    void detailsThatContainThemselvesEnd() throws IOException {
        List<Object> loop = new ArrayList<>();
        loop.add(loop);
        components.put("a", Health.ok("", Map.of("loop", loop)));

        String body = pages.answer("GET", "/health").body();

        assertThat(body).contains("…");
        assertThat(tokens(body)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"OK, 200", "DEGRADED, 200", "ERROR, 503"})
    void tellsErrorsByTheStatusCode(Status agent, int code) {
        status = agent;

        assertThat(pages.answer("GET", "/health").status()).isEqualTo(code);
        assertThat(pages.answer("HEAD", "/health").status()).isEqualTo(code);
    }

    @Test
    void isAliveWithoutAskingAnything() {
        HealthPages blind = new HealthPages(
                () -> {
                    throw new AssertionError("asked");
                },
                () -> {
                    throw new AssertionError("asked");
                });

        assertThat(blind.answer("GET", "/health/live"))
                .isEqualTo(new HealthPages.Answer(200, "{\"status\":\"alive\"}\n"));
    }

    @Test
    void tellsWhetherItIsReadyAndWhyNot() {
        assertThat(pages.answer("GET", "/health/ready"))
                .isEqualTo(new HealthPages.Answer(200, "{\"status\":\"ready\"}\n"));

        status = Status.DEGRADED;
        notReady = "storage: full";
        assertThat(pages.answer("GET", "/health/ready"))
                .isEqualTo(new HealthPages.Answer(
                        503,
                        "{\"status\":\"not_ready\",\"current_status\":\"degraded\",\"reason\":\"storage: full\"}\n"));
    }

    @Test
    void listsTheBundles() {
        bundles.add(new BundleInventory.State(0, "org.apache.felix.framework", "7.0.5", "active", Optional.empty()));
        bundles.add(new BundleInventory.State(7, "broken", "1.0.0", "installed", Optional.of("it needs \"x\"")));

        assertThat(pages.answer("GET", "/bundles"))
                .isEqualTo(
                        new HealthPages.Answer(
                                200,
                                """
                        {"bundles":[{"id":0,"name":"org.apache.felix.framework","version":"7.0.5","state":"active"},\
                        {"id":7,"name":"broken","version":"1.0.0","state":"installed","problem":"it needs \\"x\\""}]}
                        """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/nope", "/metrics/", "/bundles/7", "/health/", "/health/live/x", "/HEALTH", "/healthy", ""
            })
    void knowsNoOtherPath(String path) {
        assertThat(pages.answer("GET", path).status()).isEqualTo(404);
        assertThat(pages.answer("POST", path).status()).isEqualTo(404);
        assertThat(pages.answer("GET", path).body()).startsWith("{\"code\":404,\"error\":\"not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "FOO"})
    void takesNoOtherMethod(String method) {
        for (String path : List.of("/health", "/health/live", "/health/ready", "/bundles", "/metrics")) {
            assertThat(pages.answer(method, path).status()).isEqualTo(405);
        }
    }

    private HealthPages.Report report() {
        return new HealthPages.Report(
                new HealthRules.Verdict(
                        status, "why", notReady.isEmpty(), notReady, Collections.unmodifiableSortedMap(components)),
                Instant.parse("2026-03-04T05:06:07Z"),
                Duration.ofMillis(61_900),
                "1.2.3",
                null,
                Map.of("state", "/s"));
    }

    private static int tokens(String json) throws IOException {
        int count = 0;
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                count++;
            }
        }
        return count;
    }
}
