package io.tidewatch.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What became of an installed bundle: whether it runs, and its components with it. */
final class BundleOutcome {
    private final ServiceComponentRuntime components;
    private final MissingRequirements missing;

    BundleOutcome(ServiceComponentRuntime components, FrameworkWiring wiring) {
        this.components = components;
        this.missing = new MissingRequirements(wiring);
    }

    /** State of a bundle in lower case, as the framework calls it. */
    static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.UNINSTALLED -> "uninstalled";
            case Bundle.INSTALLED -> "installed";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            default -> "active";
        };
    }

    /** What keeps it from working, and what to do about it; null if nothing does. */
    @Nullable
    String problem(Bundle bundle) {
        boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> unresolved(bundle);
            case Bundle.RESOLVED -> fragment ? null : "it was installed and did not start; the log tells why";
            case Bundle.ACTIVE -> ofComponents(bundle);
            default -> null;
        };
    }

    private String unresolved(Bundle bundle) {
        List<String> needs = missing.of(bundle);
        return needs.isEmpty()
                ? "it cannot be resolved, though what it needs is there: does that lack something?"
                : "it needs what no bundle offers: " + String.join(", ", needs)
                        + "; put a jar that does into the same folder, or build it against this version of tidewatch";
    }

    private @Nullable String ofComponents(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
            for (ComponentConfigurationDTO component : components.getComponentConfigurationDTOs(description)) {
                String problem = ofComponent(bundle, component);
                if (problem != null) {
                    problems.add(description.name + " " + problem);
                }
            }
        }
        return problems.isEmpty() ? null : String.join("; ", problems);
    }

    private static @Nullable String ofComponent(Bundle bundle, ComponentConfigurationDTO component) {
        return switch (component.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                "cannot be made: " + ComponentFailure.of(component.failure);
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                "waits for its configuration, "
                        + String.join(" or ", Arrays.asList(component.description.configurationPid)) + ".cfg";
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                "waits for a service that no bundle offers: "
                        + String.join(
                                ", ",
                                Arrays.stream(component.unsatisfiedReferences)
                                        .map(reference -> target(component, reference))
                                        .toList())
                        + "; put a jar that does into the same folder";
            // Nobody has asked for it yet, or nobody got it.
            // Nobody has asked for it yet, or nobody got it.
            case ComponentConfigurationDTO.SATISFIED -> unlinked(bundle, component);
            default -> null;
        };
    }

    private static @Nullable String unlinked(Bundle bundle, ComponentConfigurationDTO component) {
        String failure = ComponentFailure.ofLinking(bundle, component.description.implementationClass);
        return failure == null ? null : "cannot be made: " + failure;
    }

    private static String target(ComponentConfigurationDTO component, UnsatisfiedReferenceDTO unsatisfied) {
        String service = Arrays.stream(component.description.references)
                .filter(reference -> reference.name.equals(unsatisfied.name))
                .map(reference -> reference.interfaceName)
                .findFirst()
                .orElse(unsatisfied.name);
        return unsatisfied.target == null ? service : service + " with " + unsatisfied.target;
    }
}
