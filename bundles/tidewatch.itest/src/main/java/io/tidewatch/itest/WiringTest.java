package io.tidewatch.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** The shipped bundles fit together. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
class WiringTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService
    ServiceComponentRuntime components;

    @Test
    void everyBundleIsActive() {
        List<String> idle = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
            int wanted = fragment ? Bundle.RESOLVED : Bundle.ACTIVE;
            // The bundles of the test run itself may still be starting.
            if (bundle.getState() != wanted && bundle.getState() != Bundle.STARTING) {
                idle.add(bundle + " is in state " + bundle.getState());
            }
        }
        assertThat(idle).isEmpty();
    }

    @Test
    void everyComponentIsSatisfied() {
        RunningAgent.await("all components").untilAsserted(() -> {
            List<String> unsatisfied = new ArrayList<>();
            int seen = 0;
            for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
                for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(description)) {
                    seen++;
                    if (configuration.state != ComponentConfigurationDTO.ACTIVE
                            && configuration.state != ComponentConfigurationDTO.SATISFIED) {
                        unsatisfied.add(description.name + " is in state " + configuration.state + ": "
                                + configuration.failure);
                    }
                }
            }
            assertThat(unsatisfied).isEmpty();
            assertThat(seen).as("components").isGreaterThanOrEqualTo(8);
        });
    }
}
