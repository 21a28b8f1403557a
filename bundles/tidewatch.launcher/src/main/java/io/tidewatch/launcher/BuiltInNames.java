package io.tidewatch.launcher;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps bundles from being resolved that bear the name of a bundle of the installation, whatever their version: one of a
 * later version would run beside the built-in, do its work a second time, and offer its packages in its place.
 */
final class BuiltInNames implements ResolverHookFactory, ResolverHook {
    private final Set<Bundle> builtIns;
    private final Set<String> names = new HashSet<>();

    BuiltInNames(List<Bundle> builtIns) {
        this.builtIns = Set.copyOf(builtIns);
        builtIns.forEach(bundle -> names.add(bundle.getSymbolicName()));
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        candidates.removeIf(
                candidate -> names.contains(candidate.getSymbolicName()) && !builtIns.contains(candidate.getBundle()));
    }

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        // A bundle that cannot be resolved collides with nobody.
        collisionCandidates.removeIf(
                candidate -> builtIns.contains(singleton.getRevision().getBundle())
                        && !builtIns.contains(candidate.getRevision().getBundle()));
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        // What may be resolved may be used.
    }

    @Override
    public void end() {
        // Nothing is kept from one resolution to the next.
    }
}
