package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import io.tidewatch.clockskew.TestDevice.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can happen to a clock, with the real store. The table in docs/decisions/040-clock-steps-within-a-boot.md
 * names these tests. Each ends with every sample right that can be, uploads that go on, and health that is ok, without a
 * restart.
 */
@Timeout(60)
class ClockCasesTest {
    private static final Duration RIGHT = Duration.ZERO;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String DOUBTED =
            "away from the server's time; samples keep the time from before the step and wait";
    private static final String ASKED = "no server has confirmed the time before or after";
    private static final String CONTRADICTED = "which the server's time or the build date contradicts";
    private static final String UNVERIFIED = "no server has confirmed it; samples keep the time from before the step";

    @TempDir
    private Path folder;

    private final List<TestDevice> devices = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (TestDevice device : devices) {
            device.close();
        }
    }

    // The clock is right, and steps away from the server's time.

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600, 3, -3, 86_400 * 3, -86_400 * 3, 86_400 * 4000})
    void aWrongStepThatTheServerContradicts(long seconds) throws Exception {
        Duration step = Duration.ofSeconds(seconds);
        device(RIGHT).start().compare().collect();
        device().step(step).collect().expectHealth(Status.DEGRADED, CONTRADICTED);
        device().expectAllRight(6);
        device().collect().expectAllRight(9);
        device().step(step.negated())
                .collect()
                .expectHealth(Status.OK, "agrees")
                .expectAllRight(12);
    }

    @Test
    void aWrongStepWhileTheServerIsAwayForLong() throws Exception {
        device(RIGHT).start().compare().collect().server(Server.DOWN);
        device().run(Duration.ofHours(10)).step(HOUR).collect().expectHeld(DOUBTED);
        device().collect().expectHeld(DOUBTED).server(Server.UP).compare();
        device().expectHealth(Status.DEGRADED, CONTRADICTED).expectAllRight(9);
        device().step(HOUR.negated()).expectHealth(Status.OK, "agrees");
    }

    @Test
    void aWrongStepAndOneBackBeforeAServerAnswers() throws Exception {
        device(RIGHT).start().compare().collect().server(Server.DOWN);
        device().step(HOUR).collect().expectHeld(DOUBTED);
        device().step(Duration.ofMinutes(-59)).collect().expectHeld(DOUBTED);
        device().step(Duration.ofMinutes(-1)).collect();
        device().expectAllRight(12).expectHealth(Status.OK, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOWN", "WITHOUT_DATE"})
    void aWrongStepAndAServerThatReportsNoTimeAnyMore(String state) throws Exception {
        device(RIGHT).start().compare().collect().server(Server.valueOf(state));
        device().step(HOUR).collect().expectHeld(DOUBTED);
        device().run(StepCheck.PATIENCE).collect();
        device().expectHealth(Status.DEGRADED, UNVERIFIED).expectAllRight(9);
        device().step(HOUR.negated()).collect().expectAllRight(12).expectHealth(Status.OK, "");
    }

    @Test
    void aStepToBeforeTheAgentWasBuiltNeedsNoServer() throws Exception {
        device(RIGHT).server(Server.DOWN).start().collect();
        device().step(Duration.ofDays(-365 * 50)).collect().expectHealth(Status.DEGRADED, CONTRADICTED);
        device().expectAllRight(6).step(Duration.ofDays(365 * 50)).collect();
        device().expectAllRight(9).expectHealth(Status.OK, "");
    }

    @Test
    void aStepThatTheServerConfirmsAsItWasWrongBefore() throws Exception {
        device(HOUR).server(Server.UP, HOUR).start().compare().collect();
        device().server(Server.DOWN).step(HOUR.negated()).collect().expectHeld(DOUBTED);
        device().server(Server.UP).compare().expectAllRight(6).expectHealth(Status.OK, "agrees");
    }

    @Test
    void aServerThatStaysWrongUntilItIsSetToo() throws Exception {
        device(HOUR).server(Server.UP, HOUR).start().compare().collect().step(HOUR.negated());
        device().collect().expectHealth(Status.DEGRADED, CONTRADICTED);
        device().server(Server.UP).compare().expectHealth(Status.OK, "agrees").expectAllRight(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled=false", "url=other"})
    void anOperatorWhoComparesWithAnotherServerOrNone(String setting) throws Exception {
        device(HOUR).server(Server.UP, HOUR).start().compare().collect().step(HOUR.negated());
        device().collect().expectHealth(Status.DEGRADED, CONTRADICTED);
        if (setting.startsWith("url")) {
            try (ScriptedServer right = device().anotherServer()) {
                device().configure("url", right.url("/").toString());
                device().expectAllRight(6).expectHealth(Status.OK, "agrees");
            }
        } else {
            device().configure("enabled", "false")
                    .awaitMoved(6)
                    .expectAllRight(6)
                    .expectHealth(Status.OK, "");
        }
    }

    // The clock is wrong, and is set right.

    @Test
    void aClockThatTheServerContradictsIsSetRight() throws Exception {
        device(Duration.ofDays(-3)).start().compare().collect().expectHeld("behind the server's");
        device().server(Server.DOWN).step(Duration.ofDays(3)).collect();
        device().expectAllRight(6).expectHealth(Status.OK, "");
    }

    @Test
    void aClockThatIsSetInTwoSteps() throws Exception {
        device(Duration.ofDays(-3)).start().compare().collect().server(Server.DOWN);
        device().step(Duration.ofDays(2)).collect().step(Duration.ofDays(1)).collect();
        device().expectAllRight(9).expectHealth(Status.OK, "");
    }

    @Test
    void aClockThatGetsWorseBeforeItIsSetRight() throws Exception {
        device(HOUR.negated()).start().compare().server(Server.DOWN).collect();
        device().step(HOUR.negated()).collect().expectHeld(DOUBTED);
        device().step(HOUR.multipliedBy(2)).collect().expectAllRight(9).expectHealth(Status.OK, "");
    }

    @Test
    void aClockThatWasNotComparedYetIsSetRight() throws Exception {
        device(HOUR)
                .server(Server.DOWN)
                .start()
                .collect()
                .step(HOUR.negated())
                .collect()
                .expectHeld(ASKED);
        device().server(Server.UP).compare().expectAllRight(6).expectHealth(Status.OK, "agrees");
    }

    @Test
    void aWrongStepBeforeTheFirstComparison() throws Exception {
        device(RIGHT).server(Server.DOWN).start().collect().step(HOUR).collect().expectHeld(ASKED);
        device().server(Server.UP)
                .compare()
                .expectHealth(Status.DEGRADED, CONTRADICTED)
                .expectAllRight(6);
        device().step(HOUR.negated()).collect().expectAllRight(9).expectHealth(Status.OK, "agrees");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOWN", "WITHOUT_DATE"})
    void aClockThatIsNeverComparedIsSetRight(String state) throws Exception {
        device(HOUR).server(Server.valueOf(state)).start().collect();
        device().step(HOUR.negated()).collect().expectHeld(ASKED).run(StepCheck.PATIENCE);
        device().expectAllRight(6).expectHealth(Status.OK, "");
    }

    @Test
    void aClockThatIsComparedWithNothingIsSetRight() throws Exception {
        device(HOUR).configure("url", "").start().collect();
        device().step(HOUR.negated()).collect().expectAllRight(6).expectHealth(Status.OK, "");
    }

    /** Nothing shows that the step was wrong until the clock is back; samples sent meanwhile cannot be taken back. */
    @Test
    void aWrongStepOfAClockThatIsComparedWithNothingIsUndone() throws Exception {
        device(RIGHT).configure("url", "").start().collect().step(HOUR).collect();
        device().step(HOUR.negated()).collect().expectAllRight(9).expectHealth(Status.OK, "");
    }

    @Test
    void aClockThatWasNeverSet() throws Exception {
        Duration sinceTheEpoch = Duration.between(Instant.EPOCH, TestDevice.BUILT);
        device(sinceTheEpoch.negated())
                .server(Server.DOWN)
                .start()
                .collect()
                .expectHeld("before this version was built");
        device().step(sinceTheEpoch).collect().expectAllRight(6).expectHealth(Status.OK, "");
    }

    /** A quartz that is 20 ppm off needs more than a day for two seconds. */
    @Test
    void aClockThatDriftedWhileTheServerWasAway() throws Exception {
        device(RIGHT).start().compare().collect().uploadAll().server(Server.DOWN);
        device().run(Duration.ofDays(3))
                .drift(Duration.ofSeconds(-5))
                .step(Duration.ofSeconds(5))
                .collect();
        device().expectAllRight(6).expectHealth(Status.OK, "");
    }

    // The clock steps while the agent is stopped.

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600, 3, -3, 86_400 * 3, -86_400 * 3})
    void aWrongClockIsSetRightWhileTheAgentIsStopped(long seconds) throws Exception {
        Duration wrong = Duration.ofSeconds(seconds);
        device(wrong).server(Server.DOWN).start().collect().kill();
        device().run(Duration.ofSeconds(5))
                .step(wrong.negated())
                .start()
                .expectHeld(ASKED)
                .collect()
                .expectHeld(ASKED);
        device().server(Server.UP).compare().expectAllRight(6).expectHealth(Status.OK, "agrees");
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600, 3, -3, 86_400 * 3, -86_400 * 3})
    void aRightClockIsSetWrongWhileTheAgentIsStopped(long seconds) throws Exception {
        Duration wrong = Duration.ofSeconds(seconds);
        device(RIGHT).server(Server.DOWN).start().collect().stop();
        device().run(Duration.ofSeconds(5)).step(wrong).start().collect().expectHeld(ASKED);
        device().server(Server.UP).compare().expectAllRight(6).expectHealth(Status.DEGRADED, CONTRADICTED);
        device().step(wrong.negated()).collect().expectAllRight(9).expectHealth(Status.OK, "agrees");
    }

    @Test
    void aClockThatAServerAgreedWithIsSetWrongWhileTheAgentIsStopped() throws Exception {
        device(RIGHT)
                .start()
                .compare()
                .awaitConfirmed()
                .server(Server.DOWN)
                .collect()
                .kill();
        device().run(Duration.ofSeconds(5)).step(HOUR).start().collect().expectHeld(DOUBTED);
        device().run(StepCheck.PATIENCE)
                .expectHealth(Status.DEGRADED, UNVERIFIED)
                .expectAllRight(6);
        device().step(HOUR.negated()).collect().expectAllRight(9).expectHealth(Status.OK, "");
    }

    /** The first session and the third are right, the second is not, and no server answers until then. */
    @ParameterizedTest
    @ValueSource(longs = {3600, -3600, 5, -5})
    void aClockThatIsWrongForOneSession(long seconds) throws Exception {
        Duration wrong = Duration.ofSeconds(seconds);
        device(RIGHT).server(Server.DOWN).start().collect().kill();
        device().run(Duration.ofSeconds(5)).step(wrong).start().collect().kill();
        device().run(Duration.ofSeconds(5)).step(wrong.negated()).start().collect();
        device().expectAllRight(9).expectHealth(Status.OK, "");
    }

    /** A wrong move is undone by the next start. */
    @Test
    void aWrongStepThatWasAcceptedAndIsUndoneWhileTheAgentIsStopped() throws Exception {
        device(RIGHT).server(Server.DOWN).start().collect().step(HOUR).collect().expectHeld(ASKED);
        device().run(StepCheck.PATIENCE).awaitMoved(6).kill();
        device().run(Duration.ofSeconds(5))
                .step(HOUR.negated())
                .start()
                .collect()
                .expectHeld(ASKED);
        device().server(Server.UP).compare().expectAllRight(9).expectHealth(Status.OK, "agrees");
    }

    @Test
    void aWrongStepWithARestartBeforeAServerAnswers() throws Exception {
        device(RIGHT).start().compare().awaitConfirmed().server(Server.DOWN).collect();
        device().step(HOUR.negated()).collect().expectHeld(DOUBTED).kill();
        device().run(Duration.ofSeconds(5)).start().collect().expectHeld(DOUBTED);
        device().server(Server.UP)
                .compare()
                .expectHealth(Status.DEGRADED, CONTRADICTED)
                .expectAllRight(9);
        device().stop().run(Duration.ofSeconds(5)).step(HOUR).start().compare().collect();
        device().expectAllRight(12).expectHealth(Status.OK, "agrees");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOWN", "WITHOUT_DATE"})
    void sessionsThatContradictEachOtherAndNoServerEver(String state) throws Exception {
        device(HOUR).server(Server.valueOf(state)).start().collect().kill();
        device().run(Duration.ofSeconds(5))
                .step(HOUR.negated())
                .start()
                .collect()
                .expectHeld(ASKED);
        device().run(StepCheck.PATIENCE).expectAllRight(6).expectHealth(Status.OK, "");
    }

    @Test
    void sessionsThatContradictEachOtherAndNothingToCompareWith() throws Exception {
        device(HOUR).configure("url", "").start().collect().kill();
        device().run(Duration.ofSeconds(5))
                .step(HOUR.negated())
                .start()
                .collect()
                .expectHeld(ASKED);
        device().run(StepCheck.PATIENCE_WITHOUT_SERVER).expectAllRight(6).expectHealth(Status.OK, "");
    }

    @Test
    void aClockThatWasNeverSetIsSetWhileTheAgentIsStopped() throws Exception {
        Duration sinceTheEpoch = Duration.between(Instant.EPOCH, TestDevice.BUILT);
        device(sinceTheEpoch.negated()).server(Server.DOWN).start().collect().kill();
        device().run(Duration.ofSeconds(5)).step(sinceTheEpoch).start().collect();
        device().expectAllRight(6).expectHealth(Status.OK, "");
    }

    @Test
    void deliveredSamplesKeepTheTimeThatTheyWereSentWith() throws Exception {
        device(HOUR)
                .configure("url", "")
                .start()
                .collect()
                .uploadAll()
                .collect()
                .kill();
        device().run(Duration.ofSeconds(5)).step(HOUR.negated()).start().collect();
        device().run(StepCheck.PATIENCE_WITHOUT_SERVER).expectOff(3, HOUR).expectHealth(Status.OK, "");
    }

    // Machines that sleep, that show no time since the boot or no boot id, or start anew.

    @Test
    void sleepIsNoStep() throws Exception {
        device(RIGHT).start().compare().collect().sleep(Duration.ofHours(8)).collect();
        device().expectAllRight(6).expectHealth(Status.OK, "agrees");
        device().server(Server.DOWN)
                .sleep(Duration.ofHours(8))
                .step(HOUR)
                .collect()
                .expectHeld(DOUBTED);
        device().step(HOUR.negated()).collect().expectAllRight(12).expectHealth(Status.OK, "");
    }

    /** Sleep looks like a step there; the server agreed before it and does after it. */
    @Test
    void sleepOfAMachineWithoutATimeSinceTheBoot() throws Exception {
        device(RIGHT).withoutUptime().start().compare().collect().server(Server.DOWN);
        device().sleep(Duration.ofHours(8)).collect().expectHeld(DOUBTED);
        device().server(Server.UP).compare().expectAllRight(6).expectHealth(Status.OK, "agrees");
    }

    @Test
    void aWrongStepOfAMachineWithoutATimeSinceTheBoot() throws Exception {
        device(RIGHT).withoutUptime().start().compare().collect().step(HOUR).collect();
        device().expectHealth(Status.DEGRADED, CONTRADICTED).expectAllRight(6);
        device().step(HOUR.negated()).collect().expectAllRight(9).expectHealth(Status.OK, "agrees");
    }

    /** Nothing shows that the clock stepped between the sessions: what the first one stamped stays as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"uptime", "boot id", "boot"})
    void sessionsThatCannotBeCompared(String missing) throws Exception {
        TestDevice device = device(HOUR);
        switch (missing) {
            case "uptime" -> device.withoutUptime();
            case "boot id" -> device.withoutBootId();
            default -> {}
        }
        device.server(Server.DOWN).start().collect().kill();
        if (missing.equals("boot")) {
            device.reboot();
        }
        device.run(Duration.ofSeconds(5)).step(HOUR.negated()).start().collect();
        device.server(Server.UP).compare().expectOff(3, HOUR).expectHealth(Status.OK, "agrees");
    }

    @Test
    void aWrongStepEndsWithTheBoot() throws Exception {
        device(RIGHT)
                .start()
                .compare()
                .awaitConfirmed()
                .server(Server.DOWN)
                .collect()
                .step(HOUR)
                .collect();
        device().expectHeld(DOUBTED).reboot().step(HOUR.negated()).start().collect();
        device().expectAllRight(9).expectHealth(Status.OK, "");
    }

    @Test
    void aStoreThatIsReplacedWhileAStepIsOpen() throws Exception {
        device(RIGHT)
                .start()
                .compare()
                .collect()
                .server(Server.DOWN)
                .step(HOUR)
                .collect()
                .expectHeld(DOUBTED);
        device().replaceStore().collect().expectHeld(DOUBTED).server(Server.UP).compare();
        device().expectHealth(Status.DEGRADED, CONTRADICTED).expectAllRight(9);
        device().step(HOUR.negated()).collect().replaceStore().collect().expectAllRight(15);
    }

    @Test
    void passesUnderWayWhileTheSessionsAreCompared() throws Exception {
        device(HOUR).configure("url", "").start().collect().kill();
        device().run(Duration.ofSeconds(5))
                .step(HOUR.negated())
                .startDuringPasses()
                .collect()
                .expectHeld(ASKED);
        device().run(StepCheck.PATIENCE_WITHOUT_SERVER).expectAllRight(8).expectHealth(Status.OK, "");
    }

    @Test
    void aStepBeforeTheSessionsAreCompared() throws Exception {
        device(HOUR).configure("url", "").start().collect().run(Duration.ofSeconds(5));
        device().replaceStoreAndStep(HOUR.negated()).collect().expectAllRight(7).expectHealth(Status.OK, "");
    }

    @Test
    void anAgentThatIsUpdatedWhileAStepIsOpen() throws Exception {
        device(RIGHT)
                .start()
                .compare()
                .awaitConfirmed()
                .server(Server.DOWN)
                .collect()
                .step(HOUR)
                .collect();
        device().expectHeld(DOUBTED).replaceClock().collect().expectHeld(DOUBTED);
        device().server(Server.UP)
                .compare()
                .expectAllRight(9)
                .step(HOUR.negated())
                .collect();
        device().expectAllRight(12).expectHealth(Status.OK, "agrees");
    }

    private TestDevice device(Duration wrong) throws IOException {
        devices.add(new TestDevice(folder, wrong));
        return device();
    }

    private TestDevice device() {
        assertThat(devices).isNotEmpty();
        return devices.get(0);
    }
}
