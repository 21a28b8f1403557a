package io.tidewatch.launcher;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps the bundles of the installation apart from deployed ones: none of them takes anything from a deployed bundle, not even
 * an optional package; no deployed fragment becomes a part of one; and a deployed bundle with the name of one is not
 * resolved, since it would run beside it and offer its packages in its place.
 */
final class BuiltInWiring extends Withholding {
    private final Set<Bundle> builtIns;
    private final Set<String> names = new HashSet<>();

    BuiltInWiring(List<Bundle> builtIns) {
        this.builtIns = Set.copyOf(builtIns);
        builtIns.forEach(bundle -> names.add(bundle.getSymbolicName()));
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        super.filterMatches(requirement, candidates);
        boolean ofBuiltIn = isOfAgent(requirement.getRevision());
        boolean ofFragment = requirement.getNamespace().equals(HostNamespace.HOST_NAMESPACE);
        candidates.removeIf(candidate ->
                ofBuiltIn ? !isOfAgent(candidate.getRevision()) : ofFragment && isOfAgent(candidate.getRevision()));
    }

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        // A bundle that cannot be resolved collides with none.
        collisionCandidates.removeIf(
                candidate -> builtIns.contains(singleton.getRevision().getBundle())
                        && !builtIns.contains(candidate.getRevision().getBundle()));
    }

    @Override
    boolean withholds(BundleRevision revision) {
        return names.contains(revision.getSymbolicName()) && !builtIns.contains(revision.getBundle());
    }

    private boolean isOfAgent(BundleRevision revision) {
        Bundle bundle = revision.getBundle();
        return builtIns.contains(bundle) || bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID;
    }
}
