package io.tidewatch.health;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * The bundles of the framework, and why one does not run. Asks the framework at every call and changes nothing. Safe for
 * use by several threads.
 */
record BundleInventory(BundleContext context) {
    /**
     * @param id its number in this run of the framework
     * @param name symbolic name; without one, the name of its file
     * @param state in lower case, as OSGi names it
     * @param problem why it does not run although it should, and what to do; empty if all is as it should be
     */
    record State(long id, String name, String version, String state, Optional<String> problem) {}

    /** All bundles, in the order in which they were installed. */
    List<State> list() {
        List<State> states = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            try {
                states.add(stateOf(bundle));
            } catch (IllegalStateException e) {
                if (bundle.getState() != Bundle.UNINSTALLED) {
                    throw e;
                }
                // It was removed while it was asked.
            }
        }
        return states;
    }

    private State stateOf(Bundle bundle) {
        return new State(
                bundle.getBundleId(),
                nameOf(bundle),
                bundle.getVersion().toString(),
                nameOf(bundle.getState()),
                problemOf(bundle));
    }

    private Optional<String> problemOf(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        // Without a revision it is gone by now.
        if (revision == null || isYetToStart(bundle) || isHeldBack(bundle)) {
            return Optional.empty();
        }
        if (bundle.getState() == Bundle.INSTALLED) {
            return Optional.of(missing(revision)
                    .map(missing -> "it needs what no bundle provides: " + missing
                            + "; install what provides it, or remove the jar")
                    .orElse("what it needs is there but does not fit together; the log names the conflict"));
        }
        boolean fragment = (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
        BundleStartLevel start = bundle.adapt(BundleStartLevel.class);
        if (bundle.getState() == Bundle.RESOLVED && !fragment && start != null && start.isPersistentlyStarted()) {
            return Optional.of("it could not be started; the log says why. Fix or remove its jar");
        }
        return Optional.empty();
    }

    private boolean isYetToStart(Bundle bundle) {
        BundleStartLevel own = bundle.adapt(BundleStartLevel.class);
        FrameworkStartLevel reached =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkStartLevel.class);
        return own != null && reached != null && own.getStartLevel() > reached.getStartLevel();
    }

    /** By the launcher, which offers the locations of such bundles; health {@code deploy} says what to do about it. */
    private boolean isHeldBack(Bundle bundle) {
        try {
            ServiceReference<?>[] found =
                    context.getServiceReferences(Supplier.class.getName(), "(tidewatch.deploy.held=*)");
            return found != null
                    && context.getService(found[0]) instanceof Supplier<?> held
                    && held.get() instanceof Collection<?> locations
                    && locations.contains(bundle.getLocation());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first requirement that nothing provides. */
    private Optional<String> missing(BundleRevision revision) {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        for (Requirement requirement : ((Resource) revision).getRequirements(null)) {
            String effective = requirement
                    .getDirectives()
                    .getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
            boolean optional = Namespace.RESOLUTION_OPTIONAL.equals(
                    requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
            if (effective.equals(Namespace.EFFECTIVE_RESOLVE)
                    && !optional
                    && wiring.findProviders(requirement).isEmpty()) {
                return Optional.of(requirement.getNamespace() + " "
                        + (requirement.getNamespace().equals(HostNamespace.HOST_NAMESPACE) ? "(its host) " : "")
                        + requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, ""));
            }
        }
        return Optional.empty();
    }

    private static String nameOf(Bundle bundle) {
        String name = bundle.getSymbolicName();
        if (name != null) {
            return name;
        }
        String location = bundle.getLocation();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static String nameOf(int state) {
        return switch (state) {
            case Bundle.UNINSTALLED -> "uninstalled";
            case Bundle.INSTALLED -> "installed";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.ACTIVE -> "active";
            default -> String.format(Locale.ROOT, "%#x", state);
        };
    }
}
