package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.health.Health;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.RealMachine;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class HealthCollectorTest implements CollectorContract, DocumentedCollector {
    private static final AgentBuild BUILD =
            new AgentBuild(AgentBuild.spelled(Version.valueOf("0.1.0.SNAPSHOT")), "0123456789ab");

    @Override
    public Collector typicalCollector() {
        return new HealthCollector(
                () -> HealthRules.DEFAULT.evaluate(Map.of(
                        "storage", Health.ok("stores", Map.of()),
                        "time", Health.degraded("off by an hour", Map.of()),
                        "collector.cpu", Health.ok("collecting", Map.of()),
                        "collector.disk", Health.error("no luck", Map.of()))),
                BUILD);
    }

    @Override
    public String pid() {
        return "tidewatch.collector.health";
    }

    @Test
    void reportsEveryComponentAndTheWhole() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .containsOnly(
                        Map.entry("tidewatch.build_info[0.1.0-SNAPSHOT, 0123456789ab]", 1.0),
                        Map.entry("health.status[agent]", 1.0),
                        Map.entry("health.status[storage]", 0.0),
                        Map.entry("health.status[time]", 1.0),
                        Map.entry("health.status[collector.cpu]", 0.0),
                        Map.entry("health.status[collector.disk]", 2.0));
    }

    @Test
    void reportsAnErrorOfTheWhole() throws Exception {
        Collector withoutStore = new HealthCollector(
                () -> HealthRules.DEFAULT.evaluate(Map.of("collector.cpu", Health.ok("", Map.of()))), BUILD);

        assertThat(RealMachine.valuesOf(withoutStore.collect()))
                .containsEntry("health.status[agent]", 2.0)
                .containsEntry("health.status[storage]", 2.0);
    }
}
