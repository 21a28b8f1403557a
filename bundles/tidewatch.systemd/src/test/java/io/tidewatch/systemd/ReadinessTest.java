package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    @Test
    void allOfStoreSchedulerAndHttpIsReady() {
        assertThat(missing(Reports.healthy())).isEmpty();
    }

    @Test
    void anEmptyAgentWaitsForAll() {
        assertThat(missing(new Reports())).containsExactly("the store", "HTTP", "the scheduler");
    }

    @Test
    void eachPartIsWaitedFor() {
        assertThat(missing(Reports.healthy().without("storage"))).containsExactly("the store");
        assertThat(missing(Reports.healthy().without("scheduler"))).containsExactly("the scheduler");
        assertThat(missing(Reports.healthy().without("health"))).containsExactly("HTTP");
    }

    @Test
    void httpThatDoesNotListenYetIsWaitedFor() {
        Map<String, Object> noUrl = new HashMap<>();
        noUrl.put("url", null);

        assertThat(missing(Reports.healthy().with("health", Health.ok("is starting", noUrl))))
                .containsExactly("HTTP");
    }

    @Test
    void aPortInUseDoesNotEndTheStart() {
        assertThat(missing(Reports.healthy().with("health", Health.degraded("port in use", Map.of()))))
                .isEmpty();
    }

    @Test
    void theFirstPassIsWaitedFor() {
        Reports fresh = Reports.healthy().fresh("cpu").fresh("memory");

        assertThat(missing(fresh)).containsExactly("the first pass");
        assertThat(missing(fresh.committed("memory", 30, Reports.MOMENT))).isEmpty();
    }

    @Test
    void collectorsThatFailOrAreOffDoNotEndTheStart() {
        assertThat(missing(Reports.healthy().failing("cpu", 10).fresh("memory")))
                .isEmpty();
        assertThat(missing(Reports.healthy().off("cpu").off("memory"))).isEmpty();
    }

    @Test
    void aStoreThatSaysWhatIsWrongDoesNotEndTheStart() {
        Reports full = Reports.healthy().fresh("cpu").fresh("memory").with("storage", Health.error("full", Map.of()));

        assertThat(missing(full)).isEmpty();
    }

    private static List<String> missing(Reports reports) {
        return reports.components().missing();
    }
}
