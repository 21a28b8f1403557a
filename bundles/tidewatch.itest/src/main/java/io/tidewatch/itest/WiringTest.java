package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

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
        await("all components").untilAsserted(() -> {
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

    /**
     * A deployed jar that exports what built-ins import optionally or from a library, under a higher version: after a refresh
     * they would use it.
     */
    @Test
    void noBuiltInIsWiredToADeployedBundle() throws Exception {
        RunningAgent agent = new RunningAgent(context);
        String name = "com.example.libraries";
        agent.deploy(
                Path.of(context.getProperty("tidewatch.itest.example")),
                name + ".jar",
                Map.of(
                        "Bundle-SymbolicName", name,
                        "Service-Component", "",
                        "Import-Package", "",
                        "Require-Capability", "",
                        "Export-Package",
                                "org.jspecify.annotations;version=\"99\",org.slf4j;version=\"2.0.99\","
                                        + "io.tidewatch.procfs;version=\"1.99\""),
                content -> content);
        try {
            await("the jar").until(() -> {
                Bundle bundle = agent.bundle(name);
                return bundle != null && bundle.getState() == Bundle.ACTIVE;
            });
            refresh(agent.requireBundle("tidewatch.procfs"));
            Map<String, String> wired = new TreeMap<>();
            int seen = 0;
            for (Bundle bundle : context.getBundles()) {
                BundleWiring wiring = bundle.adapt(BundleWiring.class);
                if (isDeployed(bundle) || wiring == null) {
                    continue;
                }
                for (BundleWire wire : wiring.getRequiredWires(null)) {
                    seen++;
                    if (isDeployed(wire.getProvider().getBundle())) {
                        wired.put(bundle.getSymbolicName(), wire.toString());
                    }
                }
            }
            assertThat(seen).as("wires").isGreaterThan(100);
            assertThat(wired).isEmpty();
        } finally {
            agent.undeploy(name + ".jar");
        }
        await("the jar to go").until(() -> agent.bundle(name) == null);
    }

    private boolean isDeployed(Bundle bundle) {
        return bundle.getBundleId() != 0 && !bundle.getLocation().startsWith("reference:");
    }

    private void refresh(Bundle bundle) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(Set.of(bundle), event -> done.countDown());
        assertThat(done.await(30, TimeUnit.SECONDS)).as("refreshed").isTrue();
    }
}
