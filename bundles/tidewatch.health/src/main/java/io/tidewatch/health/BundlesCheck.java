package io.tidewatch.health;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Whether every bundle runs that should. */
@Component(property = HealthCheck.NAME + "=bundles")
public final class BundlesCheck implements HealthCheck {
    private final Supplier<List<BundleInventory.State>> inventory;
    private final String commit;

    @Activate
    public BundlesCheck(BundleContext context) {
        this(new BundleInventory(context)::list, AgentBuild.of(context).commit());
    }

    BundlesCheck(Supplier<List<BundleInventory.State>> inventory, String commit) {
        this.inventory = inventory;
        this.commit = commit;
    }

    @Override
    public Health check() {
        List<BundleInventory.State> bundles = inventory.get();
        Map<String, Long> byState = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (BundleInventory.State bundle : bundles) {
            byState.merge(bundle.state(), 1L, Long::sum);
            bundle.problem()
                    .ifPresent(problem -> problems.add(bundle.name() + " " + bundle.version() + ": " + problem));
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("commit", commit);
        details.put("count", bundles.size());
        details.put("by_state", byState);
        return problems.isEmpty()
                ? Health.ok("every bundle runs that should", details)
                : Health.degraded(String.join("; ", problems), details);
    }
}
