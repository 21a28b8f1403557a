package io.tidewatch.deploy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
        return Stream.ofNullable(bundle.adapt(BundleRevision.class))
                .flatMap(revision -> revision.getDeclaredRequirements(null).stream())
                .filter(MissingRequirements::isMandatory)
                .filter(requirement -> wiring.findProviders(requirement).isEmpty())
                .map(MissingRequirements::described)
                .toList();
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return !Constants.RESOLUTION_OPTIONAL.equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
                && !Constants.EFFECTIVE_ACTIVE.equals(directives.get(Constants.EFFECTIVE_DIRECTIVE));
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
