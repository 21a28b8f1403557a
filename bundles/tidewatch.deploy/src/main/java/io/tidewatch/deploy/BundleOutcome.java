package io.tidewatch.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** The result of an installed bundle: whether it runs, and its components with it. */
record BundleOutcome(BundleContext context, FrameworkWiring wiring) {
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

    /**
     * What keeps it from working, and what to do about it; null if nothing does.
     *
     * @param failure what its start threw; empty if nothing, or it was not started
     */
    @Nullable
    String problem(Bundle bundle, String failure) {
        boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> unresolved(bundle);
            case Bundle.RESOLVED ->
                fragment
                        ? null
                        : "it was installed and did not start: "
                                + (failure.isEmpty() ? "the log names the reason" : failure) + "; fix or remove it";
            case Bundle.ACTIVE -> ofComponents(bundle);
            default -> null;
        };
    }

    private String unresolved(Bundle bundle) {
        List<String> needs = MissingRequirements.of(bundle, wiring);
        return needs.isEmpty()
                ? "it cannot be resolved, though what it needs is there: does that lack something?"
                : "it needs what no bundle offers: " + String.join(", ", needs)
                        + "; put a jar that does into the same folder, or build it against this version of tidewatch";
    }

    /** Whether a component of it failed permanently. */
    boolean cannotBeMade(Bundle bundle) {
        return components(bundle).stream()
                .anyMatch(component -> component.state == ComponentConfigurationDTO.FAILED_ACTIVATION
                        || (component.state == ComponentConfigurationDTO.SATISFIED
                                && unlinked(bundle, component) != null));
    }

    private @Nullable String ofComponents(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        for (ComponentConfigurationDTO component : components(bundle)) {
            String problem = ofComponent(bundle, component);
            if (problem != null) {
                problems.add(component.description.name + " " + problem);
            }
        }
        return problems.isEmpty() ? null : String.join("; ", problems);
    }

    /** Empty while Declarative Services does not run. */
    private List<ComponentConfigurationDTO> components(Bundle bundle) {
        List<ComponentConfigurationDTO> all = new ArrayList<>();
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime runtime = reference == null ? null : context.getService(reference);
        if (runtime != null) {
            for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs(bundle)) {
                all.addAll(runtime.getComponentConfigurationDTOs(description));
            }
        }
        return all;
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
            // It was not asked for yet, or could not be had.
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
