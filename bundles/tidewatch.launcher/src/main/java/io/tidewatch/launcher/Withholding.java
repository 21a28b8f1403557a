package io.tidewatch.launcher;

import java.util.Collection;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps bundles from being resolved, so that none of their code runs: no requirement of theirs matches, and none of their
 * capabilities. That suffices, as every collector needs the package of what it implements.
 */
abstract class Withholding implements ResolverHookFactory, ResolverHook {
    abstract boolean withholds(BundleRevision revision);

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        // Once anything is removed here, Felix 7 takes all that is resolved already for what may not be used
        // (StatefulResolver, whitelist), and nothing at all can be resolved any more.
    }

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        // Of two singletons of one name the framework chooses as usual.
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        boolean all = withholds(requirement.getRevision());
        candidates.removeIf(candidate -> all || withholds(candidate.getRevision()));
    }

    @Override
    public void end() {
        // Nothing is kept from one resolution to the next.
    }
}
