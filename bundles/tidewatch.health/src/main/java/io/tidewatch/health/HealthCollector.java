package io.tidewatch.health;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Status;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The states that {@code /health} shows, as numbers: that of each component, and of the agent as a whole. */
@Component(configurationPid = "tidewatch.collector.health")
@CollectorProperties(name = "health", interval = "60s")
@Designate(ocd = HealthCollector.Config.class)
public final class HealthCollector implements Collector {
    @ObjectClassDefinition(id = "tidewatch.collector.health", name = "Health collector")
    @interface Config {}

    private static final String WHOLE = "agent";
    private static final Metric STATUS = Metric.gauge(
            "health.status",
            Unit.NONE,
            "0 ok, 1 degraded, 2 error; the component agent is the state of the whole",
            "component");

    private static final Metric BUILD = Metric.gauge(
            "tidewatch.build_info", Unit.NONE, "1; the tags are what the agent was built from", "version", "commit");

    private final HealthSelf health;
    private final AgentBuild build;

    @Activate
    public HealthCollector(BundleContext context, @Reference HealthSelf health) {
        this(health, AgentBuild.of(context));
    }

    HealthCollector(HealthSelf health, AgentBuild build) {
        this.health = health;
        this.build = build;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(STATUS, BUILD);
    }

    @Override
    public List<Sample> collect() {
        HealthRules.Verdict verdict = health.verdict();
        List<Sample> samples = new ArrayList<>();
        samples.add(BUILD.sample(1, build.version(), build.commit()));
        samples.add(STATUS.sample(number(verdict.status()), WHOLE));
        verdict.components().forEach((name, component) -> {
            if (!name.equals(WHOLE)) {
                samples.add(STATUS.sample(number(component.status()), name));
            }
        });
        return samples;
    }

    private static double number(Status status) {
        return switch (status) {
            case OK -> 0;
            case DEGRADED -> 1;
            case ERROR -> 2;
        };
    }
}
