package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.DiagnosticCollector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Collectors whose metrics are another program's, and several instances of one collector. */
class DynamicCollectorTest {
    private static final Metric FOREIGN = Metric.foreign("node_Load1", Kind.GAUGE, "Load", List.of("cpu"));

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void foreignMetricsAreStoredUnderTheirOwnNames() {
        Source source = new Source("scrape");
        source.samples = List.of(FOREIGN.sample(0.5, "0"), Rig.VALUE.sample(1));
        run(source);
        assertThat(names()).containsExactlyInAnyOrder("node_Load1", "test.value");
        assertThat(rig.healthOf("scrape").message()).isEqualTo("collecting");
    }

    @Test
    void anOrdinaryCollectorHasNone() {
        TestCollector ordinary = new TestCollector("plain");
        ordinary.doing(() -> List.of(FOREIGN.sample(0.5, "0"), Rig.VALUE.sample(1)));
        rig.scheduler.add(ordinary);
        rig.awaitCalls(ordinary, 1);
        assertThat(names()).containsExactly("test.value");
        assertThat(rig.scheduler.counts("plain").failedByReason()).containsEntry("undeclared_metric", 1L);
    }

    @Test
    void samplesWithATimeAreStoredUnderIt() {
        Source source = new Source("scrape");
        source.samples = List.of(Rig.VALUE.sample(1));
        source.timed = List.of(
                new TimedSamples(Rig.START.minusSeconds(90), List.of(FOREIGN.sample(1, "0"), FOREIGN.sample(2, "1"))),
                new TimedSamples(Rig.START.minusSeconds(30), List.of(FOREIGN.sample(3, "0"))));
        run(source);
        assertThat(rig.storedAt())
                .containsExactlyInAnyOrder(
                        Duration.ZERO, Duration.ofSeconds(-90), Duration.ofSeconds(-90), Duration.ofSeconds(-30));
        assertThat(rig.scheduler.counts("scrape").collectedTotal()).isEqualTo(4);
    }

    @Test
    void onlyAPassThatIsStoredIsConfirmed() {
        Source source = new Source("scrape");
        source.samples = List.of(Rig.VALUE.sample(1));
        source.timed = List.of(new TimedSamples(Rig.START.minusSeconds(90), List.of(FOREIGN.sample(1, "0"))));
        // Stores the samples of the pass, and not those that have a time.
        rig.scheduler.context().store().set(new ForwardingStore(batch -> {
            if (batch.ofSource()) {
                throw new StoreException("no room");
            }
            return rig.store.append(batch);
        }));
        run(source);
        assertThat(source.stored).hasValue(0);
        assertThat(rig.healthOf("scrape").status()).isEqualTo(Status.ERROR);

        rig.scheduler.context().store().set(rig.store);
        rig.advance(Duration.ofSeconds(30));
        Rig.eventually().until(() -> source.stored.get() == 1);
        rig.awaitIdle("scrape");
        assertThat(names()).contains("node_Load1");
        assertThat(rig.healthOf("scrape").status()).isEqualTo(Status.OK);
    }

    @Test
    void aCollectorThatCannotTakeTheConfirmationHasItsPassStored() {
        Source source = new Source("scrape") {
            @Override
            public void stored() {
                throw new IllegalStateException("a bug");
            }
        };
        source.samples = List.of(Rig.VALUE.sample(1));
        run(source);
        assertThat(rig.healthOf("scrape").status()).isEqualTo(Status.OK);
        assertThat(rig.scheduler.counts("scrape").failedTotal()).isZero();
    }

    @Test
    void aNameIsFreeAgainWhenItsCollectorIsGone() {
        TestCollector builtIn = new TestCollector("built-in");
        rig.scheduler.add(builtIn);
        rig.awaitCalls(builtIn, 1);
        rig.scheduler.remove(builtIn.id());
        Source source = new Source("scrape");
        source.declared = List.of(Rig.OTHER);
        source.samples = List.of(
                Metric.foreign("test_value", Kind.GAUGE, "Theirs", List.of()).sample(7));
        run(source);
        assertThat(rig.healthOf("scrape").message()).isEqualTo("collecting");
    }

    @Test
    void timesThatAreNoTimesCostTheirSamplesAndAreCounted() {
        Source source = new Source("scrape");
        source.timed = List.of(
                new TimedSamples(Instant.EPOCH, List.of(FOREIGN.sample(1, "0"))),
                new TimedSamples(Rig.START.plusSeconds(601), List.of(FOREIGN.sample(2, "0"))),
                new TimedSamples(Rig.START.plusSeconds(600), List.of(FOREIGN.sample(3, "0"))));
        run(source);
        assertThat(rig.storedAt()).containsExactly(Duration.ofMinutes(10));
        assertThat(rig.scheduler.counts("scrape").failedByReason()).containsEntry("implausible_time", 2L);
        assertThat(rig.healthOf("scrape").status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.healthOf("scrape").message()).contains("samples of 1970-01-01T00:00:00Z were dropped");
    }

    @Test
    void thePassIsBoundedWithAllItsTimes() {
        Source source = new Source("scrape");
        source.samples = Collections.nCopies(Harvest.MOST_SAMPLES - 1, Rig.VALUE.sample(1));
        source.timed = List.of(
                new TimedSamples(Rig.START, List.of(FOREIGN.sample(1, "0"), FOREIGN.sample(2, "1"))),
                new TimedSamples(Rig.START, List.of(FOREIGN.sample(3, "0"))));
        run(source);
        assertThat(rig.scheduler.counts("scrape").failedByReason()).containsEntry("too_many_samples", 2L);
        assertThat(names()).contains("node_Load1");
    }

    @Test
    void aLimitThatIsReachedIsReportedAsThat() {
        Source source = new Source("scrape");
        source.samples = List.of(Rig.VALUE.sample(1));
        source.diagnostics =
                List.of(new Diagnostic(Diagnostic.Severity.LIMITED, "max.series", "12 series beyond max.series = 5"));
        run(source);
        Health health = rig.healthOf("scrape");
        assertThat(health.status()).isEqualTo(Status.DEGRADED);
        assertThat(health.message()).isEqualTo("left out: 12 series beyond max.series = 5; all else is collected");
        assertThat(rig.scheduler.counts("scrape").failedByReason()).containsEntry("limited", 1L);
    }

    @Test
    void aNameOfABuiltInMetricIsReported() {
        TestCollector builtIn = new TestCollector("built-in");
        rig.scheduler.add(builtIn);
        rig.awaitCalls(builtIn, 1);
        Source source = new Source("scrape");
        source.samples = List.of(
                Metric.foreign("test_value", Kind.GAUGE, "Theirs", List.of()).sample(7));
        run(source);
        assertThat(rig.healthOf("scrape").status()).isEqualTo(Status.OK);
        assertThat(rig.healthOf("scrape").message())
                .isEqualTo("collecting; metrics that are called like those of other collectors: test_value (collector"
                        + " built-in); the label instance distinguishes them");
        assertThat(names()).contains("test_value");
    }

    @Test
    void instancesRunSideBySideAndTheirSeriesSayWhich() {
        Stream.of("usb", "nvme").forEach(instance -> {
            TestCollector collector = new TestCollector("disk")
                    .with(
                            "service.factoryPid",
                            "tidewatch.collector.disk",
                            "service.pid",
                            "tidewatch.collector.disk~" + instance);
            rig.scheduler.add(collector);
            Rig.eventually().until(() -> collector.calls() == 1);
            rig.awaitIdle("disk-" + instance);
        });
        TestCollector single = new TestCollector("disk").with("service.pid", "tidewatch.collector.disk");
        rig.scheduler.add(single);
        rig.awaitCalls(single, 1);
        assertThat(rig.store.entries().stream()
                        .map(entry -> entry.series().tags())
                        .toList())
                .containsExactlyInAnyOrder(
                        new TreeMap<>(Map.of("site", "studio", "instance", "usb")),
                        new TreeMap<>(Map.of("site", "studio", "instance", "nvme")),
                        new TreeMap<>(Map.of("site", "studio")));
        assertThat(rig.scheduler.figures()).containsOnlyKeys("disk", "disk-nvme", "disk-usb");
    }

    private void run(Source source) {
        rig.scheduler.add(source);
        Rig.eventually().until(() -> source.calls.get() > 0);
        rig.awaitIdle(source.name);
    }

    private List<String> names() {
        return rig.store.entries().stream()
                .map(entry -> entry.series())
                .map(Series::name)
                .distinct()
                .toList();
    }

    /** A dynamic collector and the offer of it. */
    private static class Source implements DynamicCollector, DiagnosticCollector, CollectorOffer {
        private final String name;
        private final AtomicInteger calls = new AtomicInteger();
        volatile List<Sample> samples = List.of();
        volatile List<TimedSamples> timed = List.of();
        volatile List<Diagnostic> diagnostics = List.of();
        volatile List<Metric> declared = List.of(Rig.VALUE);
        final AtomicInteger stored = new AtomicInteger();

        Source(String name) {
            this.name = name;
        }

        @Override
        public List<Metric> metrics() {
            return declared;
        }

        @Override
        public List<Sample> collect() {
            calls.incrementAndGet();
            return samples;
        }

        @Override
        public List<TimedSamples> timedSamples() {
            return timed;
        }

        @Override
        public void stored() {
            stored.incrementAndGet();
        }

        @Override
        public List<Diagnostic> diagnostics() {
            return diagnostics;
        }

        @Override
        public long id() {
            return Long.MAX_VALUE;
        }

        @Override
        public int ranking() {
            return 0;
        }

        @Override
        public Map<String, Object> properties() {
            return new HashMap<>(Map.of("collector.name", name));
        }

        @Override
        public String bundle() {
            return "test 1.0";
        }

        @Override
        public ClassLoader classLoader() {
            return Source.class.getClassLoader();
        }

        @Override
        public Collector obtain() {
            return this;
        }

        @Override
        public void release() {}
    }
}
