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
        // Felix 7 then takes what is resolved already for what may not be used (StatefulResolver, whitelist): nobody
        // else
        // could be resolved any more.
    }

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        // A bundle that cannot be resolved collides with nobody.
        collisionCandidates.removeIf(
                candidate -> builtIns.contains(singleton.getRevision().getBundle())
                        && !builtIns.contains(candidate.getRevision().getBundle()));
    }

    /** Nothing that such a bundle needs is there, and nobody takes anything from it. */
    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        boolean all = bearsAName(requirement.getRevision());
        candidates.removeIf(candidate -> all || bearsAName(candidate.getRevision()));
    }

    private boolean bearsAName(BundleRevision revision) {
        return names.contains(revision.getSymbolicName()) && !builtIns.contains(revision.getBundle());
    }

    @Override
    public void end() {
        // Nothing is kept from one resolution to the next.
    }
}
