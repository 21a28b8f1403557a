package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BundlesCheckTest {
    private final List<BundleInventory.State> bundles = new ArrayList<>();
    private final BundlesCheck check = new BundlesCheck(() -> bundles, "0123456789ab");

    @Test
    void isFineWhileEveryBundleIsAsItShouldBe() {
        bundles.add(new BundleInventory.State(0, "framework", "1.0.0", "active", Optional.empty()));
        bundles.add(new BundleInventory.State(1, "fragment", "1.0.0", "resolved", Optional.empty()));
        bundles.add(new BundleInventory.State(2, "api", "1.0.0", "active", Optional.empty()));

        Health health = check.check();

        assertThat(health.status()).isEqualTo(Status.OK);
        assertThat(health.details())
                .containsEntry("commit", "0123456789ab")
                .containsEntry("count", 3)
                .containsEntry("by_state", Map.of("active", 2L, "resolved", 1L));
    }

    @Test
    void namesEveryBundleThatDoesNotRunWithTheReason() {
        bundles.add(new BundleInventory.State(0, "framework", "1.0.0", "active", Optional.empty()));
        bundles.add(new BundleInventory.State(1, "one", "1.2.0", "installed", Optional.of("it needs this")));
        bundles.add(new BundleInventory.State(2, "two", "2.0.0", "resolved", Optional.of("it could not be started")));

        Health health = check.check();

        assertThat(health.status()).isEqualTo(Status.DEGRADED);
        assertThat(health.message()).isEqualTo("one 1.2.0: it needs this; two 2.0.0: it could not be started");
    }
}
