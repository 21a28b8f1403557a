package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Whatever a collector does, it is counted and shown with its reason, and costs the others nothing. */
class HostileCollectorsTest extends WitnessedTest {
    private static final String NAME = "hostile";
    private static final Metric GOOD = Metric.gauge("hostile.good", Unit.NONE, "A value that is declared");
    private static final Metric UNDECLARED = Metric.gauge("hostile.undeclared", Unit.NONE, "A value that is not");

    private static final AtomicBoolean RELEASED = new AtomicBoolean();

    private interface Collecting {
        List<Sample> collect() throws IOException, InterruptedException;
    }

    /** What a collector does, the reason that is counted, and how it is shown. */
    @SuppressWarnings("ImmutableEnumChecker") // What they do keeps no state.
    enum Fault {
        THROWS("exception", Status.ERROR, () -> {
            throw new IOException("the sensor does not answer");
        }),
        THROWS_AN_ERROR("jvm_error", Status.ERROR, () -> {
            throw new NoClassDefFoundError("com/example/Driver");
        }),
        RUNS_OUT_OF_MEMORY("jvm_error", Status.ERROR, () -> {
            throw new OutOfMemoryError("Java heap space");
        }),
        OUTLASTS_ITS_TIMEOUT("timeout", Status.ERROR, () -> {
            new CountDownLatch(1).await();
            return List.of();
        }),
        HANGS_FOR_GOOD("timeout", Status.ERROR, () -> {
            while (!RELEASED.get()) {
                LockSupport.parkNanos(1_000_000);
            }
            return List.of();
        }),
        RETURNS_AN_UNDECLARED_METRIC(
                "undeclared_metric", Status.DEGRADED, () -> List.of(GOOD.sample(1), UNDECLARED.sample(2))),
        RETURNS_NAN("not_finite", Status.DEGRADED, () -> List.of(GOOD.sample(Double.NaN))),
        RETURNS_A_MILLION_SAMPLES(
                "too_many_samples", Status.DEGRADED, () -> Collections.nCopies(1_000_000, GOOD.sample(3)));

        private final String reason;
        private final Status status;
        private final Collecting collecting;

        Fault(String reason, Status status, Collecting collecting) {
            this.reason = reason;
            this.status = status;
            this.collecting = collecting;
        }
    }

    @BeforeEach
    void holdHangingOnes() {
        RELEASED.set(false);
    }

    @ParameterizedTest
    @EnumSource
    void isCountedShownAndCostsTheOthersNothing(Fault fault) {
        Map<String, Long> before = agent.componentServices();
        ServiceRegistration<Collector> registration = context.registerService(
                Collector.class,
                new Collector() {
                    @Override
                    public List<Metric> metrics() {
                        return List.of(GOOD);
                    }

                    @Override
                    public List<Sample> collect() throws IOException, InterruptedException {
                        return fault.collecting.collect();
                    }
                },
                FrameworkUtil.asDictionary(
                        Map.of("collector.name", NAME, "collector.interval", "200ms", "collector.timeout", "300ms")));
        try {
            await("the fault to be counted and shown").untilAsserted(() -> {
                Health health = agent.health("collector." + NAME);
                assertThat(health).isNotNull();
                assertThat(health.status()).isEqualTo(fault.status);
                assertThat(health.message()).isNotBlank();
                assertThat(health.details()).containsKey("failed_by_reason");
                assertThat(health.details().get("failed_by_reason").toString()).contains(fault.reason + "=");
            });
            witness.assertNoGap(OTHER);
        } finally {
            RELEASED.set(true);
            registration.unregister();
        }
        await("it to be gone").until(() -> agent.health("collector." + NAME) == null);

        witness.assertNoGap(OTHER);
        assertThat(agent.componentServices()).as("no component was rebuilt").isEqualTo(before);
    }
}
