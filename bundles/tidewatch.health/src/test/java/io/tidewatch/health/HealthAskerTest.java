package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HealthAskerTest {
    private final HealthAsker asker = new HealthAsker(null, Duration.ofMillis(500), this::begin);
    private boolean withoutThreads;
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
        await().until(() -> threads() == 0);
    }

    @Test
    void asksEachByItsName() {
        HealthCheck one = () -> Health.ok("one", Map.of());
        add("b", one);
        add("a", () -> Health.degraded("two", Map.of()));
        assertThat(asker.components().keySet()).containsExactly("a", "b");
        assertThat(asker.components()).containsEntry("b", Health.ok("one", Map.of()));
    }

    @Test
    void aCheckThatThrowsIsItsOwnError() {
        add("fine", () -> Health.ok("fine", Map.of()));
        add("exception", () -> {
            throw new IllegalStateException("stopped");
        });
        add("error", () -> {
            throw new NoClassDefFoundError("org/example/Gone");
        });
        add("stack", HealthAskerTest::recurse);
        add("null", () -> null);

        Map<String, Health> answers = asker.components();

        assertThat(answers.get("fine").status()).isEqualTo(Status.OK);
        assertThat(answers.get("exception").status()).isEqualTo(Status.ERROR);
        assertThat(answers.get("exception").message())
                .isEqualTo("its health check failed: java.lang.IllegalStateException: stopped; fix or remove bundle"
                        + " test.exception 1");
        assertThat(answers.get("error").details()).containsEntry("error_type", "java.lang.NoClassDefFoundError");
        assertThat(answers.get("stack").status()).isEqualTo(Status.ERROR);
        assertThat(answers.get("null").status()).isEqualTo(Status.ERROR);
    }

    /** A jar, or another program, may have all threads. */
    @Test
    void withoutAThreadTheLastAnswersStayAndTheReasonShows() {
        AtomicInteger asked = new AtomicInteger();
        add("fine", () -> Health.ok("answer " + asked.incrementAndGet(), Map.of()));
        add("health", () -> Health.ok("served", Map.of()));
        assertThat(asker.components().get("health").status()).isEqualTo(Status.OK);

        withoutThreads = true;
        Map<String, Health> answers = asker.components();
        assertThat(answers.get("fine").message()).isEqualTo("answer 1");
        assertThat(answers.get("health"))
                .isEqualTo(Health.error(
                        "no thread could be started to ask the health checks (unable to create native thread), what they"
                                + " say is old; the machine or the service's limits (TasksMax, MemoryMax) are exhausted",
                        Map.of()));

        withoutThreads = false;
        assertThat(asker.components().get("health").status()).isEqualTo(Status.OK);
        assertThat(asker.components().get("fine").message()).isEqualTo("answer 3");
    }

    private void begin(Thread thread) {
        if (withoutThreads) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        thread.start();
    }

    @Test
    void ofTwoWithOneNameTheWorseCounts() {
        asker.add(1, new AskedCheck("a", "x", () -> () -> Health.ok("one", Map.of())));
        asker.add(2, new AskedCheck("a", "x", () -> () -> Health.error("two", Map.of())));
        asker.add(3, new AskedCheck("a", "x", () -> () -> Health.degraded("three", Map.of())));

        assertThat(asker.components().get("a").message()).isEqualTo("two");
    }

    @Test
    void aCheckThatHangsIsDegradedWithItsLastAnswerUntilItReturns() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        add("hangs", () -> {
            if (asked.incrementAndGet() > 1) {
                hang();
            }
            return Health.ok("answer " + asked.get(), Map.of("fact", 7));
        });
        add("fine", () -> Health.ok("answer " + others.incrementAndGet(), Map.of()));
        assertThat(asker.components().get("hangs").message()).isEqualTo("answer 1");

        while (others.get() < 5) {
            Map<String, Health> answers = asker.components();
            assertThat(answers.get("hangs").status()).isEqualTo(Status.DEGRADED);
            assertThat(answers.get("hangs").message())
                    .startsWith("its health check has not answered for ")
                    .doesNotContain(" 0 s")
                    .endsWith("; fix or remove bundle test.hangs 1; before that: answer 1");
            assertThat(answers.get("hangs").details()).containsEntry("fact", 7);
        }
        assertThat(asked.get()).as("times that it was asked").isEqualTo(2);
        await().untilAsserted(() -> assertThat(threads()).as("threads").isEqualTo(1));

        released.countDown();
        await().until(() -> asker.components().get("hangs").status() == Status.OK);
    }

    @Test
    @Tag("slow")
    void twelveThatNeverAnswerDelayNoOther() {
        for (int i = 0; i < 12; i++) {
            add("hangs" + i, () -> {
                hang();
                return Health.ok("at last", Map.of());
            });
        }
        AtomicInteger answers = new AtomicInteger();
        add("old", () -> Health.ok("answer " + answers.incrementAndGet(), Map.of()));
        await().until(() -> asker.components().size() == 13);
        assertThat(answers.get()).as("asked after those that hang").isGreaterThanOrEqualTo(1);
        int before = answers.get();
        await().until(() -> asker.components().size() == 13 && answers.get() > before + 10);
        assertThat(asker.components()).allSatisfy((name, health) -> assertThat(health.status())
                .isEqualTo(name.equals("old") ? Status.OK : Status.DEGRADED));
        await().untilAsserted(() -> assertThat(threads()).as("threads").isEqualTo(12));
    }

    /** It returns when its round is over, and takes all of the next one again. */
    @Test
    @Tag("slow")
    void checksThatGiveUpWhenTheyAreInterruptedDelayNoOther() {
        for (int i = 0; i < 5; i++) {
            add("slow" + i, () -> {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
                return Health.ok("never", Map.of());
            });
        }
        AtomicInteger answers = new AtomicInteger();
        add("old", () -> Health.ok("answer " + answers.incrementAndGet(), Map.of()));
        await().until(() -> {
            asker.components();
            return answers.get() > 0;
        });
        for (int i = 0; i < 5; i++) {
            int before = answers.get();
            asker.components();
            assertThat(answers.get()).isGreaterThan(before);
        }
    }

    @Test
    void aCheckWhoseComponentHangsInItsMakingIsContainedToo() {
        asker.add("making", new AskedCheck("making", "test.making 1", () -> {
            hang();
            return () -> Health.ok("made", Map.of());
        }));
        assertThat(asker.components().get("making").message()).contains("has not answered");
        released.countDown();
        await().until(() -> asker.components().get("making").message().equals("made"));
    }

    private void add(String name, HealthCheck check) {
        asker.add(name, new AskedCheck(name, "test." + name + " 1", () -> check));
    }

    private void hang() {
        boolean interrupted = true;
        while (interrupted) {
            try {
                released.await();
                interrupted = false;
            } catch (InterruptedException e) {
                // As bad code does.
                interrupted = true;
            }
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static Health recurse() {
        return recurse();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tidewatch-health-checks"))
                .count();
    }
}
