package io.tidewatch.launcher;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps bundles from being resolved that bear the name of a bundle of the installation, whatever their version: one of a
 * later version would run beside the built-in, do its work a second time, and offer its packages in its place.
 */
final class BuiltInNames extends Withholding {
    private final Set<Bundle> builtIns;
    private final Set<String> names = new HashSet<>();

    BuiltInNames(List<Bundle> builtIns) {
        this.builtIns = Set.copyOf(builtIns);
        builtIns.forEach(bundle -> names.add(bundle.getSymbolicName()));
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
    boolean withholds(BundleRevision revision) {
        return names.contains(revision.getSymbolicName()) && !builtIns.contains(revision.getBundle());
    }
}
