package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** Built-in bundles stop, start and are refreshed in the middle of work. */
class BundleDynamicsTest extends WitnessedTest {

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

        long stopped = samples.newest(OTHER);
        await("samples after " + name + " came back").until(() -> samples.newest(OTHER) > stopped + 2000);
        for (String component : new String[] {"collector.memory", "collector.cpu", "storage", "uploader", "time"}) {
            await(component + " after " + name + " came back").untilAsserted(() -> assertThat(agent.health(component))
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
        long before = samples.newest(OTHER);
        if (updated) {
            store.update();
        } else {
            store.stop();
            store.start();
        }
        await("samples").until(() -> samples.newest(OTHER) > before + 3000);

        assertThat(samples.timestamps(OTHER)).doesNotHaveDuplicates();
        await("all that counts as kept")
                .untilAsserted(() -> assertThat(witness.stored()).isEqualTo(witness.kept()));
    }
}
