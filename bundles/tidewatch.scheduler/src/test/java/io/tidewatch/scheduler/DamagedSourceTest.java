package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DamagedSourceTest {
    private static final Diagnostic ROW =
            new Diagnostic(Severity.DAMAGED, "sda", "diskstats:2: expected a number, found 'x7 1 2'");
    private static final Diagnostic NOTE = new Diagnostic(Severity.NOTE, "excluded", "excluded: docker0, lo");

    private final Rig rig = new Rig();
    private final TestCollector collector = new TestCollector("source");
    private volatile List<Diagnostic> reported = List.of();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void theOtherSamplesAreKeptAndTheDamageIsShownAndCountedUntilItIsOver() {
        reported = List.of(ROW);
        run();
        assertThat(rig.store.entries()).hasSize(1);
        Health damaged = rig.healthOf("source");
        assertThat(damaged.status()).isEqualTo(Status.DEGRADED);
        assertThat(damaged.message())
                .isEqualTo("left out: diskstats:2: expected a number, found 'x7 1 2'; all else is" + " collected");

        pass(2);
        assertThat(rig.scheduler.counts("source").failedByReason()).containsEntry("damaged_source", 2L);
        assertThat(rig.scheduler.counts("source").collectedTotal()).isEqualTo(2);

        reported = List.of();
        pass(3);
        assertThat(rig.healthOf("source")).satisfies(health -> {
            assertThat(health.status()).isEqualTo(Status.OK);
            assertThat(health.message()).isEqualTo("collecting");
        });
        assertThat(rig.scheduler.counts("source").failedTotal()).isEqualTo(2);
    }

    @Test
    void damageAndNotOneSampleFailsThePass() {
        reported = List.of(ROW);
        collector.doing(List::of);
        run();
        assertThat(rig.healthOf("source").status()).isEqualTo(Status.ERROR);
        assertThat(rig.healthOf("source").message()).contains("nothing of the source can be read", "found 'x7 1 2'");
        assertThat(rig.scheduler.counts("source").failedByReason()).containsEntry("damaged_source", 1L);

        reported = List.of();
        pass(2);
        assertThat(rig.healthOf("source").status()).isEqualTo(Status.OK);
    }

    @Test
    void notesAreShownAndHarmNothing() {
        reported = List.of(NOTE);
        run();
        assertThat(rig.healthOf("source").status()).isEqualTo(Status.OK);
        assertThat(rig.healthOf("source").message()).isEqualTo("collecting; excluded: docker0, lo");

        collector.doing(List::of);
        pass(2);
        assertThat(rig.healthOf("source").message())
                .isEqualTo("nothing to report at the moment; excluded: docker0, lo");
        assertThat(rig.scheduler.counts("source").failedTotal()).isZero();
    }

    @Test
    void aThousandDamagedRowsAreBounded() {
        reported = IntStream.range(0, 1000)
                .mapToObj(i -> new Diagnostic(Severity.DAMAGED, "row " + i, "row " + i + "\nis damaged"))
                .toList();
        run();
        assertThat(rig.healthOf("source").message())
                .contains("row 4 is damaged; and 95 more")
                .doesNotContain("row 5 ");
    }

    @Test
    void whatAnswersWithNullFailsThePass() {
        for (List<Diagnostic> wrong :
                Arrays.asList(null, new ArrayList<Diagnostic>(Arrays.asList((Diagnostic) null)))) {
            reported = wrong;
            TestCollector other = new TestCollector("wrong" + (wrong == null ? 1 : 2)).diagnosing(() -> wrong);
            rig.scheduler.add(other);
            rig.awaitCalls(other, 1);
            assertThat(rig.scheduler.counts(other.name()).failedByReason()).containsEntry("invalid_result", 1L);
        }
    }

    @Test
    void eachSubjectIsNamedOnceUntilItCanBeReadAgain() {
        KnownDamage known = new KnownDamage();
        Diagnostic changed = new Diagnostic(Severity.DAMAGED, "sda", "diskstats:3: another text");
        Diagnostic other = new Diagnostic(Severity.DAMAGED, "sdb", "damaged too");

        assertThat(known.update(List.of(ROW, NOTE)).begun()).containsExactly(ROW);
        assertThat(known.update(List.of(changed, other)).begun()).containsExactly(other);
        KnownDamage.Change over = known.update(List.of(other));
        assertThat(over.begun()).isEmpty();
        assertThat(over.ended()).containsExactly("sda");
        assertThat(known.update(List.of(ROW, other)).begun()).containsExactly(ROW);
    }

    private void run() {
        collector.diagnosing(() -> reported);
        rig.scheduler.add(collector);
        rig.awaitCalls(collector, 1);
    }

    private void pass(int number) {
        rig.advance(Duration.ofSeconds(10));
        rig.awaitCalls(collector, number);
    }
}
