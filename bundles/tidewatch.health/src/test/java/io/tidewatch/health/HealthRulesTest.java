package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthRulesTest {
    private static final Instant UPLOADED = Instant.parse("2026-01-01T00:00:00Z");

    private final HealthRules rules = HealthRules.DEFAULT;

    @Test
    void isOkWhenEveryComponentIs() {
        HealthRules.Verdict verdict = rules.evaluate(fine());

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.ready()).isTrue();
        assertThat(verdict.message()).isEqualTo("all 5 components are fine");
        assertThat(verdict.components()).isEqualTo(fine());
    }

    @ParameterizedTest
    @CsvSource({
        "OK, OK, OK",
        "OK, DEGRADED, DEGRADED",
        "OK, ERROR, DEGRADED",
        "DEGRADED, DEGRADED, DEGRADED",
        "DEGRADED, ERROR, DEGRADED",
        "ERROR, ERROR, ERROR"
    })
    void judgesCollectors(Status cpu, Status memory, Status expected) {
        Map<String, Health> components = fine();
        components.put("collector.cpu", new Health(cpu, "cpu says", Map.of()));
        components.put("collector.memory", new Health(memory, "memory says", Map.of()));

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(expected);
        assertThat(verdict.ready()).isEqualTo(expected == Status.OK);
        if (memory != Status.OK) {
            assertThat(verdict.message()).contains("collector.memory: memory says");
        }
    }

    @Test
    void oneCollectorThatFailsIsAllOfThem() {
        Map<String, Health> components = fine();
        components.remove("collector.memory");
        components.put("collector.cpu", Health.error("broken", Map.of()));

        assertThat(rules.evaluate(components).status()).isEqualTo(Status.ERROR);
    }

    @Test
    void aCollectorThatIsTurnedOffCountsNeitherAsRunningNorAsFailing() {
        Map<String, Health> components = fine();
        components.put("collector.cpu", Health.ok("turned off", Map.of("enabled", false)));
        assertThat(rules.evaluate(components).status()).isEqualTo(Status.OK);

        components.put("collector.memory", Health.error("broken", Map.of("enabled", true)));
        assertThat(rules.evaluate(components).status()).isEqualTo(Status.ERROR);

        components.put("collector.memory", Health.ok("turned off", Map.of("enabled", false)));
        HealthRules.Verdict verdict = rules.evaluate(components);
        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.message()).startsWith("no collector is running; install one");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, ERROR", "DEGRADED, DEGRADED", "OK, OK"})
    void aCollectorThatTellsOfTheAgentDoesNotStandForTheMachine(Status machine, Status expected) {
        Map<String, Health> components = fine();
        components.put("collector.storage", Health.ok("collecting", Map.of()));
        components.put("collector.cpu", new Health(machine, "why", Map.of()));
        components.put("collector.memory", new Health(machine, "why", Map.of()));

        assertThat(rules.evaluate(components).status()).isEqualTo(expected);

        components.remove("collector.cpu");
        components.remove("collector.memory");
        assertThat(rules.evaluate(components).message()).startsWith("no collector is running");
    }

    @Test
    void aCollectorThatTellsOfTheAgentIsShownWhenItFails() {
        Map<String, Health> components = fine();
        components.put("collector.storage", Health.error("broken", Map.of()));

        assertThat(rules.evaluate(components).status()).isEqualTo(Status.DEGRADED);
        assertThat(rules.evaluate(components).message()).isEqualTo("collector.storage: broken");
    }

    @Test
    void isDegradedWithoutAnyCollector() {
        Map<String, Health> components = fine();
        components.keySet().removeIf(name -> name.startsWith("collector."));

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.notReady()).startsWith("no collector is running; install one");
    }

    @ParameterizedTest
    @CsvSource({
        "storage, DEGRADED, DEGRADED",
        "storage, ERROR, ERROR",
        "uploader, DEGRADED, DEGRADED",
        "uploader, ERROR, DEGRADED",
        "time, DEGRADED, DEGRADED",
        "time, ERROR, DEGRADED",
        "config, ERROR, DEGRADED",
        "something.new, ERROR, DEGRADED"
    })
    void judgesTheOtherComponents(String name, Status own, Status expected) {
        Map<String, Health> components = fine();
        components.put(name, new Health(own, "why", Map.of("last_upload_time", UPLOADED)));

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(expected);
        assertThat(verdict.message()).isEqualTo(name + ": why");
        assertThat(verdict.components().get(name).status()).isEqualTo(own);
    }

    @Test
    void aMissingStoreIsAnErrorThatIsShown() {
        Map<String, Health> components = fine();
        components.remove("storage");

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.components().get("storage").status()).isEqualTo(Status.ERROR);
        assertThat(verdict.components().get("storage").message()).contains("no store is running");
    }

    @ParameterizedTest
    @CsvSource({
        // age, interval, pending, expected
        "60, 30, 1, OK",
        "60.1, 30, 1, DEGRADED",
        "60.1, 30, 0, OK",
        "1.9, 0.25, 1, OK",
        "2, 0.25, 1, OK",
        "2.1, 0.25, 1, DEGRADED",
        "2.1, 1, 1, DEGRADED",
        "3, 1.5, 1, OK",
        "0, 30, 4999, OK",
        "0, 30, 5000, DEGRADED",
        "600, 30, 10001, DEGRADED",
        "600.1, 30, 10000, DEGRADED",
        "600.1, 30, 10001, ERROR",
        "700, 3600, 4999, OK",
        "700, 3600, 10001, ERROR"
    })
    void judgesDeliveryByTheFacts(double age, double interval, long pending, Status expected) {
        Map<String, Health> components = fine();
        components.put("uploader", Health.ok("uploading", delivery(age, interval, pending)));

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(expected);
        assertThat(verdict.components().get("uploader").status()).isEqualTo(expected);
        assertThat(verdict.components().get("uploader").details()).isEqualTo(delivery(age, interval, pending));
    }

    /** Collectors may run once an hour: what was just collected is not late. */
    @ParameterizedTest
    @CsvSource({"3600, 5, OK", "3600, 61, DEGRADED", "50, 86400, OK"})
    void judgesTheAgeOfTheUploadAndOfWhatIsPending(double age, long oldest, Status expected) {
        Map<String, Object> details = delivery(age, 30, 10);
        details.put("oldest_pending_seconds", oldest);
        Map<String, Health> components = fine();
        components.put("uploader", Health.ok("uploading", details));

        assertThat(rules.evaluate(components).status()).isEqualTo(expected);
    }

    @Test
    void saysWhatIsWrongWithDelivery() {
        Map<String, Health> components = fine();
        components.put("uploader", Health.degraded("connection refused", delivery(75, 30, 6000)));

        assertThat(rules.evaluate(components).components().get("uploader").message())
                .isEqualTo("no upload for 75 s, expected every 30 s; 6000 samples are pending, the limit is 5000;"
                        + " connection refused");
    }

    @Test
    void saysWhatToDoAboutDeliveryThatSaysNothingItself() {
        Map<String, Health> components = fine();
        components.put("uploader", Health.ok("uploads work", delivery(75, 30, 1)));

        assertThat(rules.evaluate(components).message())
                .isEqualTo(
                        "uploader: no upload for 75 s, expected every 30 s; check the network and the server, and the"
                                + " log of the uploader for what slows it down");
    }

    /** Before the first upload the uploader tells the age since its start, and no time of an upload. */
    @ParameterizedTest
    @CsvSource({"60, 1, OK", "60.1, 1, DEGRADED", "600.1, 10001, ERROR"})
    void judgesTheAgeBeforeTheFirstUploadToo(double age, long pending, Status expected) {
        Map<String, Object> details = delivery(age, 30, pending);
        details.remove("last_upload_time");
        Map<String, Health> components = fine();
        components.put("uploader", Health.ok("nothing uploaded yet", details));

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(expected);
        assertThat(verdict.ready()).isFalse();
    }

    @Test
    void thresholdsCanBeSet() {
        HealthRules own = new HealthRules(10, Optional.of(Duration.ofSeconds(5)), 20, Duration.ofSeconds(50));
        Map<String, Health> components = fine();

        components.put("uploader", Health.ok("", delivery(5, 1, 9)));
        assertThat(own.evaluate(components).status()).isEqualTo(Status.OK);
        components.put("uploader", Health.ok("", delivery(5.1, 30, 9)));
        assertThat(own.evaluate(components).status()).isEqualTo(Status.DEGRADED);
        components.put("uploader", Health.ok("", delivery(5, 30, 10)));
        assertThat(own.evaluate(components).status()).isEqualTo(Status.DEGRADED);
        components.put("uploader", Health.ok("", delivery(50.1, 30, 21)));
        assertThat(own.evaluate(components).status()).isEqualTo(Status.ERROR);
    }

    @Test
    void deliveryThatIsOffIsNotJudgedNorWaitedFor() {
        Map<String, Object> details = delivery(9999, 30, 99_999);
        details.put("enabled", false);
        details.remove("last_upload_time");
        Map<String, Health> components = fine();
        components.put("uploader", Health.ok("disabled", details));

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.ready()).isTrue();
    }

    @Test
    void isNotReadyBeforeTheFirstUpload() {
        Map<String, Object> details = delivery(3, 30, 10);
        details.put("last_upload_time", null);
        Map<String, Health> components = fine();
        components.put("uploader", Health.ok("waiting", details));

        HealthRules.Verdict verdict = rules.evaluate(components);

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.ready()).isFalse();
        assertThat(verdict.notReady()).isEqualTo("nothing was uploaded yet");
    }

    @Test
    void missingFactsAreNotJudged() {
        Map<String, Health> components = fine();
        components.put("uploader", Health.ok("", Map.of("enabled", true, "time_since_upload_seconds", "soon")));

        assertThat(rules.evaluate(components).status()).isEqualTo(Status.OK);
    }

    private static Map<String, Health> fine() {
        Map<String, Health> components = new HashMap<>();
        components.put("collector.cpu", Health.ok("collecting", Map.of()));
        components.put("collector.memory", Health.ok("collecting", Map.of()));
        components.put("storage", Health.ok("storing", Map.of()));
        components.put("time", Health.ok("in time", Map.of()));
        components.put("uploader", Health.ok("uploading", delivery(10, 30, 100)));
        return components;
    }

    private static Map<String, Object> delivery(double age, double interval, long pending) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("enabled", true);
        details.put("last_upload_time", UPLOADED);
        details.put("time_since_upload_seconds", age);
        details.put("upload_interval_seconds", interval);
        details.put("pending_count", pending);
        return details;
    }
}
