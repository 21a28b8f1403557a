package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.testing.store.ListStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Rig rig = new Rig();
    private final CountDownLatch letHungReturn = new CountDownLatch(1);

    @AfterEach
    void leavesNothingBehind() {
        rig.close();
        letHungReturn.countDown();
        Rig.eventually().until(() -> Rig.threads("tidewatch-") == 0);
        assertThat(rig.health).isEmpty();
    }

    /** Not even an interrupt ends it. */
    private List<Sample> hang() {
        while (letHungReturn.getCount() > 0) {
            try {
                letHungReturn.await();
            } catch (InterruptedException e) {
                // Goes on.
            }
        }
        return List.of(Rig.VALUE.sample(-1));
    }

    private TestCollector started(TestCollector collector) {
        rig.scheduler.add(collector);
        rig.awaitCalls(collector, 1);
        return collector;
    }

    // When passes run

    @Test
    void collectsAtOnceAndThenAlignedToOneOrigin() {
        rig.advance(SECOND);
        TestCollector ten = started(new TestCollector("ten"));
        rig.advance(SECOND);
        TestCollector thirty =
                started(new TestCollector("thirty").with("interval", "30s").doing(() -> List.of(Rig.OTHER.sample(1))));
        for (int second = 3; second <= 30; second++) {
            rig.advance(SECOND);
            rig.awaitCalls(ten, 1 + second / 10);
            rig.awaitCalls(thirty, 1 + second / 30);
        }

        assertThat(rig.storedAt())
                .containsExactlyInAnyOrder(
                        SECOND, SECOND.multipliedBy(2), seconds(10), seconds(20), seconds(30), seconds(30));
    }

    @Test
    void stampsAllSamplesOfAPassWithItsStartAndTheDevice() {
        started(new TestCollector("one").with("priority", "critical"));

        ListStore.Entry entry = rig.store.entries().get(0);
        assertThat(entry.timestamp()).isEqualTo(Rig.START.toEpochMilli());
        assertThat(entry.series().deviceId()).isEqualTo("rig-1");
        assertThat(entry.series().tags()).containsExactly(Map.entry("site", "studio"));
        assertThat(entry.series().priority()).isEqualTo(Priority.CRITICAL);
    }

    @Test
    void tellsTheStoreHowSoonTheNextPassIsDue() {
        List<Duration> intervals = Collections.synchronizedList(new ArrayList<>());
        rig.scheduler.context().store().set(new ForwardingStore(batch -> {
            intervals.add(batch.interval());
            return new AppendResult(1, 0, Map.of());
        }));
        started(new TestCollector("one").with("interval", "7s"));

        assertThat(intervals).containsExactly(seconds(7));
    }

    @Test
    void healthOfAFailingCollectorSaysWhatToDo() {
        started(new TestCollector("one").doing(() -> {
            throw new IOException("the sensor does not answer");
        }));

        assertThat(rig.healthOf("one").message())
                .isEqualTo("the last pass failed: IOException: the sensor does not answer; fix that, or turn the"
                        + " collector off with enabled = false in its .cfg");
    }

    @Test
    void tellsWhatItCollectedAndLostAndHowLongThatTook() {
        started(new TestCollector("one"));
        started(new TestCollector("two").doing(() -> {
            rig.advance(SECOND);
            throw new IOException("no luck");
        }));
        rig.awaitIdle("one");
        rig.awaitIdle("two");

        SchedulerSelf.Figures one = rig.scheduler.figures().get("one");
        SchedulerSelf.Figures two = rig.scheduler.figures().get("two");
        assertThat(rig.scheduler.figures()).containsOnlyKeys("one", "two");
        assertThat(one.collected()).isEqualTo(1);
        assertThat(one.failed()).isZero();
        assertThat(two.collected()).isZero();
        assertThat(two.failed()).isEqualTo(1);
        assertThat(two.durations().percentile(50)).isEqualTo(1.0);
    }

    @Test
    void aPassDuringWhichTheClockIsSetIsStoredUnderItsTrueTime() {
        Duration step = Duration.ofDays(3);
        AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);
        AtomicInteger stored = new AtomicInteger();
        AgentClock clock = new AgentClock() {
            @Override
            public Stamp now() {
                return new Stamp() {
                    @Override
                    public Instant time() {
                        return Rig.START.plus(offset.get());
                    }

                    @Override
                    public <R> R store(Storing<R> storing) throws StoreException, InterruptedException {
                        stored.incrementAndGet();
                        return storing.at(time());
                    }
                };
            }

            @Override
            public Optional<String> doubt() {
                return Optional.empty();
            }
        };
        rig.scheduler.context().clock().set(clock);
        started(new TestCollector("one").doing(() -> {
            offset.set(step);
            return List.of(Rig.VALUE.sample(1));
        }));

        assertThat(rig.storedAt()).containsExactly(step);
        assertThat(stored).hasValue(1);
        assertThat(rig.healthOf("one").details()).containsEntry("last_success", Rig.START.plus(step));

        rig.scheduler.context().clock().clear(clock);
        started(new TestCollector("two"));
        assertThat(rig.storedAt()).containsExactlyInAnyOrder(step, Duration.ZERO);
    }

    @Test
    void skipsTicksThatALongPassMissedAndNeverOverlaps() {
        CountDownLatch go = new CountDownLatch(1);
        TestCollector slow = new TestCollector("slow").with("timeout", "2m").doing(() -> {
            go.await();
            return List.of(Rig.VALUE.sample(1));
        });
        rig.scheduler.add(slow);
        Rig.eventually().until(() -> slow.calls() == 1);

        rig.advance(seconds(47));
        assertThat(slow.calls()).isEqualTo(1);
        go.countDown();
        rig.awaitIdle("slow");
        rig.advance(seconds(2));
        rig.awaitCalls(slow, 1);
        rig.advance(seconds(1));
        rig.awaitCalls(slow, 2);

        assertThat(rig.storedAt()).containsExactly(Duration.ZERO, seconds(50));
    }

    @Test
    void anIntervalThatChangesTakesEffectAtOnce() {
        TestCollector collector = started(new TestCollector("one").with("interval", "1h"));

        rig.scheduler.update(collector.with("interval", "10s"));
        rig.advance(seconds(10));
        rig.awaitCalls(collector, 2);

        assertThat(rig.healthOf("one").details()).containsEntry("interval_seconds", 10.0);
    }

    @Test
    void aWrongValueKeepsTheLastGoodIntervalEvenForANewService() {
        TestCollector before = started(new TestCollector("one").with("interval", "20s"));
        rig.scheduler.remove(before.id());
        TestCollector after = started(new TestCollector("one")
                .with("interval", "soon", "service.pid", "tidewatch.collector.one", "priority", "low"));

        rig.advance(seconds(10));
        rig.awaitCalls(after, 1);
        rig.advance(seconds(10));
        rig.awaitCalls(after, 2);
        Health health = rig.healthOf("one");
        assertThat(health.status()).isEqualTo(Status.DEGRADED);
        assertThat(health.message())
                .contains("tidewatch.collector.one.cfg", "invalid interval \"soon\"", "expected", "last good", "20s");

        rig.scheduler.update(after.with("interval", "30s"));
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
        assertThat(rig.healthOf("one").details()).containsEntry("interval_seconds", 30.0);
    }

    @Test
    void showsWhatACollectorSaysOfItsOwnSettingsFromTheNextPassOnUntilItIsFixed() {
        List<InvalidSettingException> wrong = List.of(new InvalidSettingException("exclude", "(", "expressions"));
        TestCollector collector = started(new TestCollector("one").with("service.pid", "tidewatch.collector.one"));
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);

        rig.scheduler.update(collector.rejecting(() -> wrong));
        rig.advance(seconds(10));
        rig.awaitCalls(collector, 2);
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.healthOf("one").message())
                .contains(
                        "tidewatch.collector.one.cfg: invalid exclude \"(\" (expected",
                        "last good value stays in force");

        rig.scheduler.update(collector.rejecting(List::of));
        rig.advance(seconds(10));
        rig.awaitCalls(collector, 3);
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
    }

    /** Its properties are changed by the thread of Declarative Services. */
    @Test
    void asksACollectorForItsSettingsOnThreadsOfItsPassesAlone() {
        Set<String> threads = new ConcurrentSkipListSet<>();
        Supplier<List<InvalidSettingException>> asked = () -> {
            threads.add(Thread.currentThread().getName());
            return List.of();
        };
        TestCollector collector = started(new TestCollector("one").rejecting(asked));
        rig.scheduler.update(collector.with("interval", "20s").rejecting(asked));
        rig.scheduler.update(collector.with("interval", "10s").rejecting(asked));

        assertThat(threads).containsExactly("tidewatch-collector-one");
    }

    @Test
    void showsWhatACollectorSaysOfItsOwnSettingsFromTheFirstPassOn() {
        started(new TestCollector("one")
                .with("interval", "soon")
                .rejecting(() -> List.of(new InvalidSettingException("exclude", "(", "expressions"))));

        assertThat(rig.healthOf("one").message())
                .contains("invalid interval \"soon\"", "invalid exclude \"(\"", "the default stays in force");
    }

    @Test
    void aCollectorThatCannotTellOfItsSettingsIsShownAndRuns() {
        started(new TestCollector("one").rejecting(() -> {
            throw new NoClassDefFoundError("gone");
        }));

        assertThat(rig.healthOf("one").status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.healthOf("one").message()).contains("cannot tell", "gone");
        assertThat(rig.store.entries()).isNotEmpty();
    }

    @Test
    void aWrongValueAtFirstRunsOnTheCollectorsOwn() {
        started(new TestCollector("one").with("interval", "soon"));

        assertThat(rig.healthOf("one").status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.healthOf("one").details()).containsEntry("interval_seconds", 10.0);
    }

    @Test
    void aCollectorTurnedOffIsNotEvenObtained() {
        TestCollector collector = new TestCollector("one").with("enabled", "false");
        rig.scheduler.add(collector);
        rig.advance(seconds(60));
        rig.awaitCalls(collector, 0);

        assertThat(collector.held()).isZero();
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
        assertThat(rig.healthOf("one").message()).isEqualTo("turned off");

        rig.scheduler.update(collector.with("enabled", "true"));
        rig.awaitCalls(collector, 1);
        assertThat(collector.held()).isEqualTo(1);

        rig.scheduler.update(collector.with("enabled", "false"));
        rig.advance(seconds(60));
        rig.awaitCalls(collector, 1);
        assertThat(collector.held()).isZero();
    }

    // Who runs

    @Test
    void theHigherRankingTakesOverAndTheOtherResumes() {
        TestCollector builtIn = started(new TestCollector("one", 0));
        TestCollector better = started(new TestCollector("one", 10));
        rig.advance(seconds(10));
        rig.awaitCalls(better, 2);

        assertThat(builtIn.calls()).isEqualTo(1);
        assertThat(builtIn.held()).as("the one on standby is given back").isZero();
        assertThat(rig.healthOf("one").details()).containsEntry("standby", 1).containsEntry("bundle", better.bundle());

        rig.scheduler.remove(better.id());
        rig.awaitCalls(builtIn, 2);
        assertThat(better.held()).isZero();
        assertThat(rig.healthOf("one").details())
                .containsEntry("standby", 0)
                .containsEntry("bundle", builtIn.bundle())
                .containsEntry("collected_total", 4L);
    }

    @Test
    void ofEqualRankingsTheOlderServiceRuns() {
        TestCollector older = new TestCollector("one");
        TestCollector younger = started(new TestCollector("one"));
        rig.scheduler.add(older);
        rig.awaitCalls(older, 1);
        rig.advance(seconds(10));
        rig.awaitCalls(older, 2);

        assertThat(younger.calls()).isEqualTo(1);
    }

    @Test
    void aSuccessorWaitsUntilThePassOfItsPredecessorIsOver() {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean inside = new AtomicBoolean();
        TestCollector first = new TestCollector("one").doing(() -> {
            inside.set(true);
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                goOn.await();
            }
            inside.set(false);
            return List.of(Rig.VALUE.sample(1));
        });
        AtomicBoolean overlapped = new AtomicBoolean();
        TestCollector second = new TestCollector("one", 1).doing(() -> {
            overlapped.set(inside.get());
            return List.of(Rig.VALUE.sample(2));
        });
        rig.scheduler.add(first);
        Rig.eventually().until(inside::get);
        rig.scheduler.add(second);
        Rig.eventually().until(() -> interrupted.getCount() == 0);
        assertThat(second.calls()).isZero();

        goOn.countDown();
        rig.awaitCalls(second, 1);
        assertThat(overlapped).isFalse();
        assertThat(rig.store.entries()).extracting(ListStore.Entry::value).containsExactly(2.0);
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
    }

    @Test
    void aSuccessorOfAHungOneBeginsAfterTwoSecondsAndTheLateResultIsDropped() {
        TestCollector hung = new TestCollector("one").doing(this::hang);
        rig.scheduler.add(hung);
        Rig.eventually().until(() -> hung.calls() == 1);
        TestCollector successor = new TestCollector("one", 1);
        rig.scheduler.add(successor);
        assertThat(successor.calls()).isZero();

        rig.advance(CollectorRun.PATIENCE);
        Rig.eventually().until(() -> rig.store.entries().size() == 1);
        letHungReturn.countDown();
        rig.awaitIdle("one");

        assertThat(rig.store.entries()).extracting(ListStore.Entry::value).containsExactly(1.0);
        assertThat(hung.held()).isZero();
    }

    @Test
    void refusesServicesWithoutAUsableName() {
        TestCollector nameless = new TestCollector("one").without("collector.name");
        TestCollector wrong = new TestCollector("one").with("collector.name", "Has Blanks");
        rig.scheduler.add(nameless);
        rig.scheduler.add(wrong);

        assertThat(rig.health).isEmpty();
        assertThat(rig.scheduler.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.scheduler.health().message()).contains(nameless.bundle(), "'Has Blanks'", "accepted:");

        rig.scheduler.update(wrong.with("collector.name", "two"));
        rig.scheduler.remove(nameless.id());
        Rig.eventually().until(() -> rig.store.entries().size() == 1);
        rig.awaitIdle("two");
        assertThat(rig.scheduler.health().status()).isEqualTo(Status.OK);
        assertThat(rig.health).containsOnlyKeys("collector.two");
    }

    // What goes wrong

    static Stream<Supplier<Throwable>> throwables() {
        return Stream.of(
                () -> new IOException("the source is\nbroken"),
                () -> new IllegalStateException("bug"),
                () -> new NoClassDefFoundError("org/example/Missing"),
                () -> new OutOfMemoryError("Java heap space"),
                StackOverflowError::new,
                () -> new InterruptedException("its own idea"),
                () -> new IllegalStateException() {
                    @Override
                    public String getMessage() {
                        throw new LinkageError("even in its message");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void containsWhateverACollectorThrows(Supplier<Throwable> throwable) {
        AtomicBoolean broken = new AtomicBoolean(true);
        TestCollector faulty = new TestCollector("faulty").doing(() -> {
            if (broken.get()) {
                throw throwable.get();
            }
            return List.of(Rig.VALUE.sample(1));
        });
        TestCollector other = started(new TestCollector("other"));
        started(faulty);
        rig.advance(seconds(10));
        rig.awaitCalls(faulty, 2);
        rig.awaitCalls(other, 2);

        Health health = rig.healthOf("faulty");
        assertThat(health.status()).isEqualTo(Status.ERROR);
        assertThat(health.message()).doesNotContain("\n");
        assertThat(health.details()).containsEntry("consecutive_failures", 2).containsEntry("failed_total", 2L);
        assertThat(rig.healthOf("other").status()).isEqualTo(Status.OK);
        assertThat(rig.scheduler.counts("faulty").failedByReason().keySet()).containsAnyOf("exception", "jvm_error");

        broken.set(false);
        rig.advance(seconds(10));
        rig.awaitCalls(faulty, 3);
        assertThat(rig.healthOf("faulty").status()).isEqualTo(Status.OK);
        assertThat(rig.healthOf("faulty").details())
                .containsEntry("consecutive_failures", 0)
                .containsEntry("last_success", Rig.START.plusSeconds(20))
                .containsKey("last_error");
    }

    @Test
    void survivesARealStackOverflow() {
        TestCollector deep = started(new TestCollector("deep").doing(() -> nested(0)));

        assertThat(rig.scheduler.counts("deep").failedByReason()).containsOnlyKeys("jvm_error");
        rig.advance(seconds(10));
        rig.awaitCalls(deep, 2);
    }

    private static List<Sample> nested(int depth) {
        return depth == Integer.MAX_VALUE ? List.of() : List.copyOf(nested(depth + 1));
    }

    @Test
    void interruptsAPassAtItsTimeout() {
        TestCollector slow = new TestCollector("slow").doing(() -> {
            new CountDownLatch(1).await();
            return List.of();
        });
        rig.scheduler.add(slow);
        Rig.eventually().until(() -> slow.calls() == 1);
        rig.advance(Duration.ofMillis(4999));
        assertThat(Rig.threads("tidewatch-collector-slow")).isEqualTo(1);
        rig.advance(Duration.ofMillis(1));
        rig.awaitIdle("slow");

        assertThat(rig.healthOf("slow").message()).contains("timeout of 5s");
        assertThat(rig.scheduler.counts("slow").failedByReason()).containsExactly(Map.entry("timeout", 1L));
        rig.advance(seconds(5));
        Rig.eventually().until(() -> slow.calls() == 2);
    }

    @Test
    void dropsWhatACollectorReturnsAfterItsTimeout() {
        TestCollector deaf = new TestCollector("deaf").doing(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                return List.of(Rig.VALUE.sample(1));
            }
            return List.of();
        });
        rig.scheduler.add(deaf);
        Rig.eventually().until(() -> deaf.calls() == 1);
        rig.advance(seconds(5));
        rig.awaitIdle("deaf");

        assertThat(rig.store.entries()).isEmpty();
        assertThat(rig.scheduler.counts("deaf").failedByReason()).containsOnlyKeys("timeout");
    }

    @Test
    void leavesAHungPassAloneUntilItReturnsAndTheOthersDoNotNotice() {
        AtomicBoolean hanging = new AtomicBoolean(true);
        TestCollector hung =
                new TestCollector("hung").doing(() -> hanging.get() ? hang() : List.of(Rig.VALUE.sample(1)));
        TestCollector other = started(new TestCollector("other"));
        rig.scheduler.add(hung);
        Rig.eventually().until(() -> hung.calls() == 1);
        rig.advance(seconds(5));
        rig.advance(seconds(1));
        Rig.eventually().until(() -> rig.healthOf("hung").details().containsKey("hung_since"));
        Health health = rig.healthOf("hung");
        assertThat(health.status()).isEqualTo(Status.ERROR);
        assertThat(health.message()).contains("hung", hung.bundle());
        assertThat(health.details()).containsEntry("hung_since", Rig.START);

        rig.advance(seconds(4));
        for (int tick = 2; tick < 6; tick++) {
            rig.awaitCalls(other, tick);
            rig.advance(seconds(10));
        }
        rig.awaitCalls(other, 6);
        assertThat(hung.calls()).isEqualTo(1);
        assertThat(rig.scheduler.counts("hung").failedByReason()).containsExactly(Map.entry("timeout", 1L));

        hanging.set(false);
        letHungReturn.countDown();
        rig.awaitIdle("hung");
        rig.advance(seconds(10));
        rig.awaitCalls(hung, 2);
        assertThat(rig.healthOf("hung").status()).isEqualTo(Status.OK);
        assertThat(rig.scheduler.counts("hung").failedTotal()).isEqualTo(1);
    }

    @Test
    void showsAComponentThatDoesNotActivate() {
        TestCollector broken = new TestCollector("broken").notActivating();
        rig.scheduler.add(broken);
        rig.awaitIdle("broken");

        assertThat(rig.healthOf("broken").status()).isEqualTo(Status.ERROR);
        assertThat(rig.healthOf("broken").message()).contains("could not be activated", broken.bundle());
        assertThat(broken.held()).isZero();
    }

    // What a collector returns

    @Test
    void dropsSamplesOfUndeclaredMetricsAndKeepsTheRest() {
        Metric undeclared = Metric.gauge("test.undeclared", Unit.NONE, "Not declared");
        started(new TestCollector("one").doing(() -> List.of(Rig.VALUE.sample(1), undeclared.sample(2))));

        assertThat(rig.store.entries()).extracting(ListStore.Entry::value).containsExactly(1.0);
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.healthOf("one").message()).contains("test.undeclared");
        assertThat(rig.scheduler.counts("one").failedByReason()).containsExactly(Map.entry("undeclared_metric", 1L));
        assertThat(rig.scheduler.counts("one").collectedTotal()).isEqualTo(1);
    }

    @Test
    void dropsSamplesBeyondTheLimitOfAPass() {
        Metric many = Metric.gauge("test.value", Unit.NONE, "A value", "n");
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < Harvest.MOST_SAMPLES + 7; i++) {
            samples.add(many.sample(i, Integer.toString(i)));
        }
        Harvest harvest = harvestOf(samples, many);

        assertThat(harvest.samples()).hasSize(Harvest.MOST_SAMPLES);
        assertThat(harvest.dropped()).containsExactly(Map.entry("too_many_samples", 7));
        assertThat(harvest.remark()).contains("10000");
        assertThat(harvestOf(samples.subList(0, Harvest.MOST_SAMPLES), many).dropped())
                .isEmpty();
    }

    @Test
    void anEndlessListEndsAtTheLimit() {
        List<Sample> endless = Collections.nCopies(Integer.MAX_VALUE, Rig.VALUE.sample(1));

        assertThat(harvestOf(endless, Rig.VALUE).samples()).hasSize(Harvest.MOST_SAMPLES);
    }

    private static Harvest harvestOf(List<Sample> samples, Metric declared) {
        try {
            return Harvest.of(samples, Set.of(declared)::contains);
        } catch (LossException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aNullFailsThePass() {
        started(new TestCollector("list").doing(() -> null));
        started(new TestCollector("element").doing(() -> Arrays.asList(Rig.VALUE.sample(1), null)));

        assertThat(rig.store.entries()).isEmpty();
        for (String name : List.of("list", "element")) {
            assertThat(rig.healthOf(name).status()).isEqualTo(Status.ERROR);
            assertThat(rig.scheduler.counts(name).failedByReason()).containsOnlyKeys("invalid_result");
        }
    }

    @Test
    void countsWhatTheStoreDrops() {
        started(new TestCollector("one").doing(() -> List.of(Rig.VALUE.sample(Double.NaN))));

        assertThat(rig.scheduler.counts("one").failedByReason()).containsExactly(Map.entry("not_finite", 1L));
        assertThat(rig.scheduler.counts("one").collectedTotal()).isZero();
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void aPassHasTheClassLoaderOfItsCollectorAndTheStoreItsOwn() {
        List<ClassLoader> seen = new CopyOnWriteArrayList<>();
        TestCollector collector = new TestCollector("loading").doing(() -> {
            seen.add(Thread.currentThread().getContextClassLoader());
            return List.of(Rig.VALUE.sample(1));
        });
        rig.scheduler.context().store().set(new ForwardingStore(batch -> {
            seen.add(Thread.currentThread().getContextClassLoader());
            return rig.store.append(batch);
        }));
        rig.scheduler.add(collector);
        rig.awaitCalls(collector, 1);

        assertThat(seen).containsExactly(collector.loader, Pass.class.getClassLoader());
    }

    @Test
    void nothingToReportIsWellAndNeedsNoStore() {
        rig.scheduler.context().store().clear(rig.store);
        started(new TestCollector("one").doing(List::of));

        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
        assertThat(rig.healthOf("one").details()).containsEntry("samples", 0);
    }

    // Store and device

    @Test
    void countsOnlyWhatTheStoreHasCommitted() {
        rig.store.failWith(new StoreException("disk full; free some space"));
        TestCollector collector = started(new TestCollector("one"));

        assertThat(rig.healthOf("one").status()).isEqualTo(Status.ERROR);
        assertThat(rig.healthOf("one").message()).contains("disk full; free some space");
        assertThat(rig.scheduler.counts("one").collectedTotal()).isZero();
        assertThat(rig.scheduler.counts("one").failedByReason()).containsExactly(Map.entry("store_failed", 1L));

        rig.store.failWith(null);
        rig.advance(seconds(10));
        rig.awaitCalls(collector, 2);
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
        assertThat(rig.scheduler.counts("one").collectedTotal()).isEqualTo(1);
    }

    @Test
    void waitsForAStoreThatIsBeingUpdated() {
        rig.scheduler.context().store().clear(rig.store);
        TestCollector collector = new TestCollector("one");
        rig.scheduler.add(collector);
        Rig.eventually().until(() -> collector.calls() == 1);
        rig.advance(seconds(4));
        rig.scheduler.context().store().set(rig.store);
        rig.awaitIdle("one");

        assertThat(rig.storedAt()).containsExactly(Duration.ZERO);
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
    }

    @Test
    void dropsAPassWholeWhenTheStoreStaysAway() {
        rig.scheduler.context().store().clear(rig.store);
        TestCollector collector = new TestCollector("one");
        rig.scheduler.add(collector);
        awaitWaiting("one");
        rig.advance(seconds(5));
        rig.awaitIdle("one");

        assertThat(rig.healthOf("one").message()).contains("no store");
        assertThat(rig.scheduler.counts("one").failedByReason()).containsExactly(Map.entry("store_unavailable", 1L));

        rig.scheduler.context().store().set(rig.store);
        rig.advance(seconds(5));
        rig.awaitCalls(collector, 2);
        assertThat(rig.storedAt()).containsExactly(seconds(10));
    }

    @Test
    void dropsAPassWholeWhenTheDeviceStaysAway() {
        rig.scheduler.context().device().clear(rig.device);
        rig.scheduler.add(new TestCollector("one"));
        awaitWaiting("one");
        rig.advance(seconds(5));
        rig.awaitIdle("one");

        assertThat(rig.store.entries()).isEmpty();
        assertThat(rig.scheduler.counts("one").failedByReason()).containsExactly(Map.entry("device_unavailable", 1L));
    }

    /** Until the pass waits for a service: there it does not notice that the clock moves. */
    private static void awaitWaiting(String name) {
        Rig.eventually().until(() -> Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(entry -> entry.getKey().getName().equals("tidewatch-collector-" + name)
                        && Arrays.stream(entry.getValue())
                                .anyMatch(frame -> frame.getClassName().equals(Awaited.class.getName()))));
    }

    @Test
    void handsAPassToTheNextStoreWhenOneGoesWhileItIsAsked() {
        ForwardingStore dying = new ForwardingStore(batch -> {
            rig.scheduler.context().store().set(rig.store);
            throw new StoreException("closed");
        });
        rig.scheduler.context().store().set(dying);
        started(new TestCollector("one"));

        assertThat(rig.store.entries()).hasSize(1);
        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
    }

    @Test
    void saysThatSamplesWaitForTheDiskAndCountsThemNotYet() {
        rig.scheduler
                .context()
                .store()
                .set(new ForwardingStore(batch ->
                        new AppendResult(0, 0, Map.of(), batch.samples().size())));
        started(new TestCollector("one"));

        assertThat(rig.healthOf("one").status()).isEqualTo(Status.OK);
        assertThat(rig.healthOf("one").message()).contains("1 samples of the last pass wait in memory");
        assertThat(rig.healthOf("one").details()).containsEntry("collected_total", 0L);
    }

    @Test
    void interruptsAStoreThatDoesNotAnswer() {
        CountDownLatch asked = new CountDownLatch(1);
        rig.scheduler.context().store().set(new ForwardingStore(batch -> {
            asked.countDown();
            new CountDownLatch(1).await();
            return new AppendResult(0, 0, Map.of());
        }));
        rig.scheduler.add(new TestCollector("one"));
        Rig.eventually().until(() -> asked.getCount() == 0);
        rig.advance(Pass.STORE_LIMIT);
        rig.awaitIdle("one");

        assertThat(rig.scheduler.counts("one").failedByReason()).containsOnlyKeys("store_timeout");
    }

    @Test
    void anInterruptThatACollectorLeavesBehindDoesNotReachTheStore() {
        AtomicBoolean interrupted = new AtomicBoolean();
        rig.scheduler.context().store().set(new ForwardingStore(batch -> {
            interrupted.set(Thread.currentThread().isInterrupted());
            return rig.store.append(batch);
        }));
        started(new TestCollector("one").doing(() -> {
            Thread.currentThread().interrupt();
            return List.of(Rig.VALUE.sample(1));
        }));

        assertThat(interrupted).isFalse();
        assertThat(rig.store.entries()).hasSize(1);
    }

    // Going away

    @Test
    void removingACollectorInterruptsItsPassAndWaitsForIt() {
        AtomicBoolean inside = new AtomicBoolean();
        TestCollector leaving = new TestCollector("leaving").doing(() -> {
            inside.set(true);
            try {
                new CountDownLatch(1).await();
                return List.of();
            } finally {
                inside.set(false);
            }
        });
        TestCollector other = started(new TestCollector("other"));
        rig.scheduler.add(leaving);
        Rig.eventually().until(inside::get);

        rig.scheduler.remove(leaving.id());

        assertThat(inside).isFalse();
        Rig.eventually().until(() -> !rig.health.containsKey("collector.leaving") && leaving.held() == 0);
        assertThat(rig.scheduler.counts("leaving").failedByReason()).containsExactly(Map.entry("removed", 1L));
        rig.advance(seconds(10));
        rig.awaitCalls(other, 2);
        assertThat(leaving.calls()).isEqualTo(1);
    }

    @Test
    void removingACollectorLetsItsCommitFinish() throws InterruptedException {
        CountDownLatch appending = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        rig.scheduler.context().store().set(new ForwardingStore(batch -> {
            appending.countDown();
            commit.await();
            return rig.store.append(batch);
        }));
        TestCollector leaving = new TestCollector("leaving");
        rig.scheduler.add(leaving);
        Rig.eventually().until(() -> appending.getCount() == 0);
        Thread remover = new Thread(() -> rig.scheduler.remove(leaving.id()));
        remover.start();
        Rig.eventually().until(() -> remover.getState() == Thread.State.TIMED_WAITING);
        commit.countDown();
        remover.join();
        rig.awaitIdle("leaving");

        assertThat(rig.store.entries()).hasSize(1);
        assertThat(rig.scheduler.counts("leaving").collectedTotal()).isEqualTo(1);
    }

    @Test
    void removingAHungCollectorIsBoundedAndItsLateResultIsDropped() {
        TestCollector hung = new TestCollector("hung").doing(this::hang);
        rig.scheduler.add(hung);
        Rig.eventually().until(() -> hung.calls() == 1);

        rig.scheduler.remove(hung.id());
        TestCollector next = new TestCollector("hung");
        rig.scheduler.add(next);
        Rig.eventually().until(() -> rig.store.entries().size() == 1);
        letHungReturn.countDown();
        rig.awaitIdle("hung");

        assertThat(rig.store.entries()).extracting(ListStore.Entry::value).containsExactly(1.0);
    }

    @Test
    void aCollectorMayTakeItselfAway() {
        TestCollector own = new TestCollector("own");
        own.doing(() -> {
            rig.scheduler.remove(own.id());
            return List.of(Rig.VALUE.sample(1));
        });
        rig.scheduler.add(own);
        rig.awaitCalls(own, 1);

        assertThat(rig.store.entries()).isEmpty();
        Rig.eventually().until(() -> own.held() == 0);
    }

    @Test
    void stoppingLetsPassesUnderWayCommit() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        TestCollector collector = new TestCollector("one").doing(() -> {
            go.await();
            return List.of(Rig.VALUE.sample(1));
        });
        rig.scheduler.add(collector);
        Rig.eventually().until(() -> collector.calls() == 1);
        Thread stopper = new Thread(rig.scheduler::stop);
        stopper.start();
        Rig.eventually().until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        stopper.join();

        assertThat(rig.store.entries()).hasSize(1);
        assertThat(Rig.threads("tidewatch-")).isZero();
        assertThat(rig.health).isEmpty();
        assertThat(collector.held()).isZero();
    }

    @Test
    void stoppingIsBoundedAndLeavesOnlyDaemonsBehind() {
        TestCollector hung = new TestCollector("hung").doing(this::hang);
        rig.scheduler.add(hung);
        Rig.eventually().until(() -> hung.calls() == 1);

        rig.scheduler.stop();
        rig.scheduler.stop();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("tidewatch-"))
                .singleElement()
                .matches(Thread::isDaemon);
        rig.scheduler.add(new TestCollector("late"));
        assertThat(rig.health).isEmpty();
    }

    @Test
    void everyTimeStampIsTheStartOfItsPass() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        TestCollector slow = new TestCollector("slow").doing(() -> {
            go.await(30, TimeUnit.SECONDS);
            return List.of(Rig.VALUE.sample(1));
        });
        rig.scheduler.add(slow);
        Rig.eventually().until(() -> slow.calls() == 1);
        rig.advance(seconds(3));
        go.countDown();
        rig.awaitIdle("slow");

        assertThat(rig.healthOf("slow").details()).containsEntry("last_success", Rig.START);
        assertThat(rig.storedAt()).containsExactly(Duration.ZERO);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
