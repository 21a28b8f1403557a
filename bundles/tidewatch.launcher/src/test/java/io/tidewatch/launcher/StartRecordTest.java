package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartRecordTest {
    private static final DeployedJar OLD = new DeployedJar("old.jar", 1000, 1);
    private static final DeployedJar NEW = new DeployedJar("new.jar", 1000, 2);
    private static final String BOOT = "boot-1";

    private long now = Duration.ofMinutes(1).toNanos();
    private StartRecord record = StartRecord.NONE;

    @Test
    void threeEndsThatNobodyAskedForHoldTheJarsBack() {
        start(OLD, NEW);
        crash(Duration.ofMinutes(2), OLD, NEW);
        crash(Duration.ofMinutes(2), OLD, NEW);
        assertThat(record.held()).isEmpty();

        crash(Duration.ofMinutes(2), OLD, NEW);

        assertThat(record.held()).containsExactlyInAnyOrder(OLD, NEW);
    }

    @Test
    void whatRanForLongIsNoSuspectUntilTheOthersAreProvenInnocent() {
        start(OLD);
        record = record.stayed(jars(OLD));
        start(OLD, NEW);
        crashThrice(OLD, NEW);
        assertThat(record.held()).containsExactly(NEW);

        crash(Duration.ofMinutes(2), OLD, NEW);
        crash(Duration.ofMinutes(2), OLD, NEW);
        assertThat(record.held()).containsExactly(NEW);
        crash(Duration.ofMinutes(2), OLD, NEW);

        assertThat(record.held()).containsExactlyInAnyOrder(OLD, NEW);
    }

    @Test
    void whenAllAreProvenAllAreHeldBack() {
        start(OLD, NEW);
        record = record.stayed(jars(OLD, NEW));

        crashThrice(OLD, NEW);

        assertThat(record.held()).containsExactlyInAnyOrder(OLD, NEW);
    }

    @Test
    void aJarThatWasReplacedIsNotProven() {
        DeployedJar newer = new DeployedJar(OLD.name(), 1001, 3);
        start(OLD);
        record = record.stayed(jars(OLD));
        start(newer);

        crashThrice(newer);

        assertThat(record.proven()).isEmpty();
        assertThat(record.held()).containsExactly(newer);
    }

    @Test
    void endsThatAreFarApartAreNoLoop() {
        start(NEW);
        for (int i = 0; i < 10; i++) {
            crash(Duration.ofMinutes(8), NEW);
        }

        assertThat(record.held()).isEmpty();
        assertThat(record.ends()).hasSize(2);
    }

    @Test
    void withoutAJarThereIsNothingToHoldBack() {
        start();
        crashThrice();
        crashThrice();

        assertThat(record.held()).isEmpty();
        assertThat(record.ends()).hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void endsCountOnlyWithTheSameJars() {
        start();
        crash(Duration.ofMinutes(1));
        crash(Duration.ofMinutes(1));
        crash(Duration.ofMinutes(1), NEW);
        crash(Duration.ofMinutes(1), NEW);
        crash(Duration.ofMinutes(1), NEW);
        assertThat(record.held()).isEmpty();

        crash(Duration.ofMinutes(1), NEW);

        assertThat(record.held()).containsExactly(NEW);
    }

    @Test
    void powerCutsDoNotCount() {
        start(NEW);
        for (int boot = 2; boot < 10; boot++) {
            record = record.begun("boot-" + boot, now, jars(NEW));
        }

        assertThat(record.held()).isEmpty();
        assertThat(record.ends()).isEmpty();
    }

    @Test
    void stopsDoNotCount() {
        for (int i = 0; i < 10; i++) {
            start(NEW);
            record = record.stopped();
        }

        assertThat(record.held()).isEmpty();
    }

    @Test
    void aRebootReleasesNothing() {
        start(NEW);
        crashThrice(NEW);
        StartRecord held = record;

        assertThat(held.begun("boot-2", 1, jars(NEW)).held()).containsExactly(NEW);
        assertThat(held.stopped().begun("boot-2", 1, jars(NEW)).held()).containsExactly(NEW);
    }

    @Test
    void aRestartThatSomebodyAsksForReleases() {
        start(NEW);
        crashThrice(NEW);
        record = record.stopped();

        start(NEW);

        assertThat(record.held()).isEmpty();
        assertThat(record.ends()).isEmpty();
    }

    @Test
    void anyChangeOfTheFolderReleases() {
        start(OLD, NEW);
        crashThrice(OLD, NEW);
        assertThat(record.held()).isNotEmpty();

        crash(Duration.ofMinutes(1), OLD);

        assertThat(record.held()).isEmpty();
    }

    @Test
    void isTheSameFromItsText() {
        DeployedJar odd = new DeployedJar("a b\nheld ü+%41.jar", Long.MAX_VALUE, -1);
        StartRecord any = new StartRecord(BOOT, true, List.of(1L, -2L), jars(OLD, NEW, odd), jars(NEW, odd), jars(OLD));

        assertThat(StartRecord.parse(any.toText())).isEqualTo(any);
        assertThat(StartRecord.parse(any.stopped().toText())).isEqualTo(any.stopped());
        assertThat(StartRecord.parse("")).isEqualTo(StartRecord.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"end soon", "jar ", "held 1 2", "proven x 2 a.jar", "jar 1 2 a%zz.jar"})
    void whatIsDamagedIsNoRecord(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> StartRecord.parse(text));
    }

    private void start(DeployedJar... jars) {
        record = record.begun(BOOT, now, jars(jars));
    }

    private void crashThrice(DeployedJar... jars) {
        for (int i = 0; i < StartRecord.ENDS; i++) {
            crash(Duration.ofMinutes(2), jars);
        }
    }

    /** The run ends so long behind its start, and the next one begins. */
    private void crash(Duration later, DeployedJar... jars) {
        now += later.toNanos();
        start(jars);
    }

    private static Set<DeployedJar> jars(DeployedJar... jars) {
        return Set.of(jars);
    }
}
