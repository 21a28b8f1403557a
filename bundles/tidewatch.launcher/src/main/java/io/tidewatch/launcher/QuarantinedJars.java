package io.tidewatch.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps jars of the deploy folder from being resolved, so that no code of theirs runs, until anything in that folder
 * changes. As a service it gives the locations of their bundles, which tidewatch.deploy asks for at every look.
 *
 * <p>Safe for use by several threads.
 */
final class QuarantinedJars extends Withholding implements Supplier<Collection<String>> {
    /** Property of the service: that it is this. */
    static final String PROPERTY = "tidewatch.deploy.held";

    private static final Logger LOG = Logger.getLogger("io.tidewatch.launcher");

    private final Path folder;
    private final Set<DeployedJar> before;
    private final SortedMap<String, String> locationsByName = new TreeMap<>();
    private boolean over;

    /** @param before what was in the deploy folder when it was decided */
    QuarantinedJars(Path folder, Set<DeployedJar> before, Set<DeployedJar> held) {
        this.folder = folder;
        this.before = before;
        for (DeployedJar jar : held) {
            locationsByName.put(
                    jar.name(), folder.resolve(jar.name()).toFile().toURI().toString());
        }
        this.over = held.isEmpty();
    }

    /** Locations of the bundles that are quarantined at the moment. */
    @Override
    public Collection<String> get() {
        return isOver() ? Set.of() : Set.copyOf(locationsByName.values());
    }

    boolean holds(String name) {
        return !isOver() && locationsByName.containsKey(name);
    }

    void announce() {
        if (!isOver()) {
            LOG.warning(() -> "Quarantined, as the agent ended " + StartRecord.ENDS + " times within "
                    + StartRecord.WITHIN.toMinutes() + " min without being asked to: "
                    + String.join(", ", locationsByName.keySet()) + " of " + folder
                    + ". Remove or replace the jar at fault; any change of that folder ends this.");
        }
    }

    @Override
    boolean withholds(BundleRevision revision) {
        // In this order: whether it is over is read from the disk.
        return locationsByName.containsValue(revision.getBundle().getLocation()) && !isOver();
    }

    private synchronized boolean isOver() {
        try {
            if (!over && !DeployedJar.in(folder).equals(before)) {
                over = true;
                LOG.info(() -> folder + " has changed: nothing of it is quarantined any more");
            }
        } catch (IOException e) {
            // Nothing can be installed from it either.
        }
        return over;
    }
}
