package io.tidewatch.command.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.ConfigurableCollector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.DiagnosticCollector;
import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.command.tail.Tail;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Metric LOAD = Metric.gauge("load.now", Unit.NONE, "load", "core");
    private static final Metric OTHER = Metric.gauge("load.other", Unit.NONE, "other");
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Gives one element per pass. */
    private static class Scripted implements Collector {
        final Deque<List<Sample>> passes;

        Scripted(List<List<Sample>> passes) {
            this.passes = new ArrayDeque<>(passes);
        }

        @Override
        public List<Metric> metrics() {
            return List.of(LOAD);
        }

        @Override
        public List<Sample> collect() throws IOException, InterruptedException {
            return passes.remove();
        }
    }

    @Test
    void printsTheSecondPassAndSaysWhatNeededIt() throws Exception {
        TrialPass pass = trial(new Scripted(
                        List.of(List.of(LOAD.sample(1, "0")), List.of(LOAD.sample(3, "1"), LOAD.sample(2, "0")))))
                .run(2, Duration.ofMillis(1));

        assertThat(pass.problems()).isEmpty();
        assertThat(pass.notes()).singleElement().asString().startsWith("1 of the samples need two passes");
        assertThat(pass.lines()).extracting(Tail.Line::value).containsExactly(2.0, 3.0);
        assertThat(pass.lines()).allMatch(line -> line.time() == NOW.toEpochMilli());
        assertThat(pass.lines().get(0).series().tags()).isEqualTo(Map.of("core", "0", "instance", "node"));
    }

    @Test
    void namesWhatTheSchedulerWouldDrop() throws Exception {
        TrialPass pass = trial(new Scripted(
                        List.of(List.of(LOAD.sample(1, "0"), LOAD.sample(2, "0"), OTHER.sample(3), OTHER.sample(4)))))
                .run(1, Duration.ZERO);

        assertThat(pass.lines()).extracting(Tail.Line::value).containsExactly(1.0);
        assertThat(pass.problems())
                .containsExactly(
                        "two samples of one series of load.now; one is dropped",
                        "metrics() does not declare load.other; its samples are dropped");
    }

    @Test
    void noSamplesAreAProblem() throws Exception {
        assertThat(trial(new Scripted(List.of(List.of(), List.of())))
                        .run(2, Duration.ZERO)
                        .problems())
                .singleElement()
                .asString()
                .startsWith("no samples");
        assertThat(new Trial(() -> null, "", LONG, Clock.systemUTC())
                        .run(2, Duration.ZERO)
                        .problems())
                .containsExactly("its component could not be activated");
    }

    @Test
    void settingsDiagnosticsAndTimedSamplesCount() throws Exception {
        class Reporting extends Scripted implements ConfigurableCollector, DiagnosticCollector, DynamicCollector {
            Reporting() {
                super(List.of(List.of(LOAD.sample(1, "0"))));
            }

            @Override
            public List<InvalidSettingException> rejectedSettings() {
                return List.of(new InvalidSettingException("folder", "here", "an absolute path"));
            }

            @Override
            public List<Diagnostic> diagnostics() {
                Diagnostics found = new Diagnostics();
                found.damaged("row 3", "is cut");
                found.limited("max.series", "reached");
                found.note("exclude", "excluded: lo");
                return found.list();
            }

            @Override
            public List<TimedSamples> timedSamples() {
                return List.of(
                        new TimedSamples(NOW.minusSeconds(5), List.of(LOAD.sample(7, "0"))),
                        // Seconds where milliseconds are meant.
                        new TimedSamples(Instant.ofEpochMilli(NOW.getEpochSecond()), List.of(LOAD.sample(8, "0"))));
            }
        }

        TrialPass pass = trial(new Reporting()).run(1, Duration.ZERO);

        assertThat(pass.lines()).extracting(Tail.Line::value).containsExactly(7.0, 1.0);
        assertThat(pass.problems()).hasSize(4).contains("row 3: is cut", "max.series: reached");
        assertThat(pass.problems().get(1))
                .startsWith("samples of 1970-01-21T")
                .contains("timestamps are in milliseconds");
        assertThat(pass.problems().get(0)).contains("folder", "here", "an absolute path");
        assertThat(pass.notes()).containsExactly("exclude: excluded: lo");
    }

    @Test
    void aFailedPassIsExplained() throws Exception {
        Collector broken = new Scripted(List.of()) {
            @Override
            public List<Sample> collect() throws IOException {
                throw new IOException("/proc/x is damaged");
            }
        };

        assertThat(trial(broken).run(2, Duration.ZERO).problems())
                .containsExactly("the pass failed: /proc/x is damaged");
        assertThat(trial(new Scripted(List.of())).run(2, Duration.ZERO).problems())
                .singleElement()
                .asString()
                .startsWith("the pass failed: java.util.NoSuchElementException at ");
    }

    @Test
    void aPassThatHangsIsInterruptedAndLeft() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Collector patient = new Scripted(List.of()) {
            @Override
            public List<Sample> collect() throws InterruptedException {
                never.await();
                return List.of();
            }
        };
        Collector deaf = new Scripted(List.of()) {
            @Override
            public List<Sample> collect() {
                while (never.getCount() > 0) {
                    Thread.interrupted();
                    LockSupport.parkNanos(1_000_000);
                }
                return List.of();
            }
        };
        Duration timeout = Duration.ofMillis(20);

        assertThat(new Trial(() -> patient, "", timeout, Clock.systemUTC())
                        .run(2, Duration.ZERO)
                        .problems())
                .containsExactly("the pass was interrupted after its timeout of 20 ms");
        assertThat(new Trial(() -> deaf, "", timeout, Clock.systemUTC())
                        .run(2, Duration.ZERO)
                        .problems())
                .containsExactly("the pass was interrupted after its timeout of 20 ms and does not return");
        never.countDown();
    }

    private static Trial trial(Collector collector) {
        return new Trial(() -> collector, "node", LONG, Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
