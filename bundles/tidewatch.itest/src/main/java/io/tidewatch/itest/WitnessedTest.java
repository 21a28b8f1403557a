package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** A test inside the framework beside which a {@link Witness} runs. */
@ExtendWith(BundleContextExtension.class)
abstract class WitnessedTest {
    /** Of a collector that no test touches. */
    static final String OTHER = "memory.used_bytes";

    @InjectBundleContext
    BundleContext context;

    RunningAgent agent;
    StoredSamples samples;
    Witness witness;

    @BeforeEach
    void findTheAgent() {
        agent = new RunningAgent(context);
        samples = new StoredSamples(agent.database());
        await("samples").until(() -> samples.count(OTHER) >= 2);
        witness = new Witness(context, samples);
    }

    @AfterEach
    void dismissTheWitness() {
        witness.close();
    }
}
