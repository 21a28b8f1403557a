package io.tidewatch.launcher;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/**
 * The parts without which nothing is collected or kept. One that has been there and is gone for {@link #PATIENCE} does not
 * come back: the process ends, so that systemd starts another. Used by one thread.
 */
final class VitalParts {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** By symbolic name: a filter for the service that it offers while it works. */
    private static final Map<String, String> SERVICES = new TreeMap<>(Map.of(
            "org.apache.felix.scr", "(objectClass=org.osgi.service.component.runtime.ServiceComponentRuntime)",
            "tidewatch.scheduler", "(health.name=scheduler)",
            "tidewatch.store.sqlite", "(objectClass=io.tidewatch.api.store.SampleStore)"));

    private final BundleContext context;
    private final List<String> installed;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Long> goneSince = new TreeMap<>();

    /** @param builtIns the bundles of the installation, of which those that are vital are watched */
    VitalParts(BundleContext context, List<Bundle> builtIns) {
        this.context = context;
        this.installed = builtIns.stream()
                .map(Bundle::getSymbolicName)
                .filter(SERVICES::containsKey)
                .toList();
    }

    /**
     * @param now a moment of the monotonic clock, in nanoseconds
     * @return the symbolic name of one that is gone for too long
     */
    Optional<String> gone(long now) {
        for (String name : installed) {
            if (isThere(name)) {
                seen.add(name);
                goneSince.remove(name);
            } else if (seen.contains(name) && now - goneSince.computeIfAbsent(name, key -> now) >= PATIENCE.toNanos()) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private boolean isThere(String name) {
        try {
            Object[] services = context.getAllServiceReferences(null, SERVICES.get(name));
            return services != null && services.length > 0;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
