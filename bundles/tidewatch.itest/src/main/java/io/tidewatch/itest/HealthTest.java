package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Real components fare worse and better again, and health follows them. */
class HealthTest extends EndpointTest {
    private static final String CPU = "tidewatch.collector.cpu";
    private static final String BROKEN = "org.example.broken";
    private static final Metric LEVEL = Metric.gauge("tank.level", Unit.PERCENT, "How full the tank is", "tank");

    @BeforeEach
    void isOkAtFirst() {
        endpoint.awaitStatus("ok", 200, "");
    }

    @AfterEach
    void isOkInTheEnd() throws Exception {
        agent.undeploy(BROKEN + ".jar");
        agent.configure(CPU, "interval = 1s\n");
        agent.requireBundle("tidewatch.store.sqlite").start();
        endpoint.awaitStatus("ok", 200, "");
    }

    @Test
    void aCollectorThatFailsDegradesUntilItIsMended() throws IOException {
        AtomicBoolean broken = new AtomicBoolean(true);
        ServiceRegistration<Collector> tank = register(new Tank(broken));
        try {
            endpoint.awaitStatus("degraded", 200, "collector.tank: the last pass failed: IOException: no float");
            assertThat(endpoint.get("/health/ready").status()).isEqualTo(503);

            broken.set(false);
            endpoint.awaitStatus("ok", 200, "");
            assertThat(endpoint.get("/health/ready").status()).isEqualTo(200);
        } finally {
            tank.unregister();
        }
    }

    @Test
    void aRejectedConfigurationDegradesUntilItIsMended() throws IOException {
        agent.configure(CPU, "interval = often\n");
        endpoint.awaitStatus("degraded", 200, "tidewatch.collector.cpu.cfg:1: invalid interval");

        agent.configure(CPU, "interval = 1s\n");
        endpoint.awaitStatus("ok", 200, "");
    }

    @Test
    void withoutTheStoreItIsAnErrorUntilTheStoreIsBack() throws BundleException, IOException {
        Bundle store = agent.requireBundle("tidewatch.store.sqlite");
        store.stop();
        endpoint.awaitStatus("error", 503, "storage: no store is running");
        assertThat(endpoint.get("/health/ready").body()).contains("\"current_status\":\"error\"");
        assertThat(endpoint.get("/metrics").status()).isEqualTo(503);
        assertThat(endpoint.get("/health/live").status()).isEqualTo(200);

        store.start();
        endpoint.awaitStatus("ok", 200, "");
        await("metrics").until(() -> endpoint.get("/metrics").status() == 200);
    }

    @Test
    void aJarThatCannotBeResolvedIsListedWithTheReason() throws IOException {
        deploy(Constants.IMPORT_PACKAGE, "org.example.nowhere;version=\"[2,3)\"");

        endpoint.awaitStatus("degraded", 200, "bundles: " + BROKEN + " 1.2.3: it needs what no bundle provides:");
        String bundles = endpoint.get("/bundles").body();
        assertThat(bundles)
                .contains("\"name\":\"" + BROKEN + "\",\"version\":\"1.2.3\",\"state\":\"installed\"")
                .contains("osgi.wiring.package", "org.example.nowhere", "2.0.0")
                .contains("\"name\":\"tidewatch.health\"")
                .containsOnlyOnce("\"problem\"");

        agent.undeploy(BROKEN + ".jar");
        endpoint.awaitStatus("ok", 200, "");
    }

    @Test
    void aJarThatCannotBeStartedIsListed() throws IOException {
        deploy(Constants.BUNDLE_ACTIVATOR, "org.example.Nowhere");

        endpoint.awaitStatus("degraded", 200, "bundles: " + BROKEN + " 1.2.3: it could not be started");
        assertThat(endpoint.get("/bundles").body())
                .contains("\"name\":\"" + BROKEN + "\",\"version\":\"1.2.3\",\"state\":\"resolved\"");
    }

    @Test
    void aBundleThatWasStoppedByHandIsAsItShouldBe() throws BundleException, IOException {
        Bundle load = agent.requireBundle("tidewatch.collector.load");
        load.stop();
        try {
            endpoint.awaitStatus("ok", 200, "");
            assertThat(endpoint.get("/bundles").body())
                    .contains("\"name\":\"tidewatch.collector.load\",\"version\":\"" + load.getVersion()
                            + "\",\"state\":\"resolved\"}");
        } finally {
            load.start();
        }
    }

    @Test
    void aSeriesIsShownWhileItsCollectorRunsAndEndsSoonAfter() throws IOException {
        ServiceRegistration<Collector> tank = register(new Tank(new AtomicBoolean()));
        try {
            await("the series")
                    .untilAsserted(
                            () -> assertThat(endpoint.get("/metrics").body())
                                    .contains(
                                            """
                            # HELP tank_level_percent How full the tank is
                            # TYPE tank_level_percent gauge
                            tank_level_percent{device_id="in-framework",tank="7 \\"up\\""} 40
                            """));
        } finally {
            tank.unregister();
        }
        await("it to be gone").until(() -> !endpoint.get("/metrics").body().contains("tank"));
    }

    private record Tank(AtomicBoolean broken) implements Collector {
        @Override
        public List<Metric> metrics() {
            return List.of(LEVEL);
        }

        @Override
        public List<Sample> collect() throws IOException {
            if (broken.get()) {
                throw new IOException("no float");
            }
            return List.of(LEVEL.sample(40, "7 \"up\""));
        }
    }

    private ServiceRegistration<Collector> register(Collector collector) {
        return context.registerService(
                Collector.class,
                collector,
                FrameworkUtil.asDictionary(Map.of("collector.name", "tank", "collector.interval", "200ms")));
    }

    /** Puts a jar into the deploy folder with a name, a version and one more header. */
    private void deploy(String header, String value) throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of(
                Constants.BUNDLE_SYMBOLICNAME,
                BROKEN,
                Constants.BUNDLE_VERSION,
                "1.2.3",
                Constants.IMPORT_PACKAGE,
                "",
                Constants.REQUIRE_CAPABILITY,
                "",
                Constants.PROVIDE_CAPABILITY,
                "",
                "Service-Component",
                ""));
        headers.put(header, value);
        agent.deploy(agent.folder("tidewatch.itest.example"), BROKEN + ".jar", headers, content -> content);
    }
}
