package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** Built-in bundles stop, start and are refreshed in the middle of work. */
@ExtendWith(BundleContextExtension.class)
class BundleDynamicsTest {
    private static final String METRIC = "memory.used_bytes";

    @InjectBundleContext
    BundleContext context;

    private RunningAgent agent;
    private StoredSamples samples;
    private Witness witness;

    @BeforeEach
    void findTheAgent() {
        agent = new RunningAgent(context);
        samples = new StoredSamples(agent.database());
        await("samples").until(() -> samples.count(METRIC) > 0);
        witness = new Witness(context, samples);
    }

    @AfterEach
    void dismissTheWitness() {
        witness.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tidewatch.store.sqlite",
                "tidewatch.scheduler",
                "tidewatch.uploader.victoriametrics",
                "tidewatch.clockskew",
                "tidewatch.device",
                "tidewatch.procfs",
                "tidewatch.health",
                "tidewatch.page",
                "tidewatch.collector.memory"
            })
    void aBundleStopsAndStartsAndTheAgentGoesOn(String name) throws Exception {
        Bundle bundle = agent.requireBundle(name);
        bundle.stop();
        bundle.start();

        long stopped = samples.newest(METRIC);
        await("samples after " + name + " came back").until(() -> samples.newest(METRIC) > stopped + 2000);
        for (String component : new String[] {"collector.memory", "collector.cpu", "storage", "uploader", "time"}) {
            await(component + " after " + name + " came back").untilAsserted(() -> assertThat(
                            agent.health(component))
                    .as(component)
                    .satisfies(health ->
                            assertThat(health.status()).as(health.message()).isEqualTo(Status.OK)));
        }
    }

    /** What counts as kept is kept, once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whileTheStoreIsAwayNothingIsLostThatCountsAsKeptOrStoredTwice(boolean updated) throws Exception {
        Bundle store = agent.requireBundle("tidewatch.store.sqlite");
        long before = samples.newest(METRIC);
        if (updated) {
            store.update();
        } else {
            store.stop();
            store.start();
        }
        await("samples").until(() -> samples.newest(METRIC) > before + 3000);

        assertThat(samples.timestamps(METRIC)).doesNotHaveDuplicates();
        await("all that counts as kept")
                .untilAsserted(() -> assertThat(witness.stored()).isEqualTo(witness.kept()));
    }
}
