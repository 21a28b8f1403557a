package io.tidewatch.deploy;

import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** Requirements of a bundle that no bundle provides, so that it cannot be resolved. */
final class MissingRequirements {
    private static final String EXECUTION_ENVIRONMENT = "osgi.ee";

    private MissingRequirements() {}

    /** Each in words; empty if all are there, in which case those who have them may not be resolved themselves. */
    static List<String> of(Bundle bundle, FrameworkWiring wiring) {
        List<String> missing = new ArrayList<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return missing;
        }
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            boolean optional = Constants.RESOLUTION_OPTIONAL.equals(
                    requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE));
            boolean active = Constants.EFFECTIVE_ACTIVE.equals(
                    requirement.getDirectives().get(Constants.EFFECTIVE_DIRECTIVE));
            if (!optional && !active && wiring.findProviders(requirement).isEmpty()) {
                missing.add(described(requirement));
            }
        }
        return missing;
    }

    private static String described(BundleRequirement requirement) {
        String filter = String.valueOf(requirement.getDirectives().get(Constants.FILTER_DIRECTIVE));
        return switch (requirement.getNamespace()) {
            case PackageNamespace.PACKAGE_NAMESPACE -> "package " + filter;
            case EXECUTION_ENVIRONMENT ->
                "a Java like " + filter + ", this is " + System.getProperty("java.specification.version");
            default -> requirement.getNamespace() + " " + filter;
        };
    }
}
