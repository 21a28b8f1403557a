package io.tidewatch.itest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** A test inside the framework that reads the agent's pages. */
@ExtendWith(BundleContextExtension.class)
abstract class EndpointTest {
    @InjectBundleContext
    BundleContext context;

    RunningAgent agent;
    HealthEndpoint endpoint;

    @BeforeEach
    void findTheAgent() {
        agent = new RunningAgent(context);
        endpoint = new HealthEndpoint(agent);
    }
}
