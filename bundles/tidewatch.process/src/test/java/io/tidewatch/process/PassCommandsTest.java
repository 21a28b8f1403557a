package io.tidewatch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidewatch.process.NoAnswerException.Reason;
import io.tidewatch.testing.process.Scripts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that share the time of a pass; after each failure the next pass runs them again. */
@Timeout(60)
class PassCommandsTest {
    private static final int MOST_BYTES = 1000;
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final AtomicLong ahead = new AtomicLong();
    private final PassCommands commands = new PassCommands(() -> System.nanoTime() + ahead.get());
    private Scripts scripts;

    @BeforeEach
    void begin() {
        scripts = new Scripts(folder);
        commands.begin(LONG);
    }

    @Test
    void aCommandThatEndsIsAnAnswerWhateverItsExitCode() throws Exception {
        RunResult result = commands.run(command("fails", "exit 3"), MOST_BYTES, LONG);
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void oneThatHangsIsKilledAtItsOwnLimitAndThePassGoesOn() throws Exception {
        NoAnswerException hung = failure(command("hangs", "exec sleep 600"), Duration.ofMillis(320));
        assertThat(hung.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(hung).hasMessage("hangs did not end within 300ms and was killed");
        worksAgain();
    }

    @Test
    void onceThePassHasNoTimeNothingRuns() throws Exception {
        ahead.addAndGet(LONG.toNanos());
        NoAnswerException late = failure(command("late", "touch ran"), LONG);
        assertThat(late.reason()).isEqualTo(Reason.NO_TIME);
        assertThat(late).hasMessage("late was not run, as no time was left in this pass; raise timeout");
        assertThat(folder.resolve("ran")).doesNotExist();
        commands.begin(LONG);
        worksAgain();
    }

    @Test
    void oneThatPrintsTooMuchIsKilled() throws Exception {
        NoAnswerException chatty = failure(command("chatty", "exec yes"), LONG);
        assertThat(chatty.reason()).isEqualTo(Reason.TOO_LONG);
        assertThat(chatty).hasMessage("chatty printed more than 1000B and was killed");
        worksAgain();
    }

    @Test
    void aMissingProgramIsDistinguishedFromOneThatCannotBeStarted() throws Exception {
        Command missing = Command.of(List.of(folder.resolve("missing").toString()), "install it");
        assertThat(failure(missing, LONG).reason()).isEqualTo(Reason.NOT_INSTALLED);
        NoAnswerException refused = failure(Command.of(List.of(folder.toString()), "install it"), LONG);
        assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(refused).hasMessageEndingWith("chmod a+rx, or install it");
        worksAgain();
    }

    @Test
    void cancellingKillsWhatRunsAndHasNothingElseRun() throws Exception {
        Command sleeper = command("sleeper", "echo $$ >>pids", "exec sleep 600");
        FutureTask<Reason> pass = new FutureTask<>(() -> failure(sleeper, LONG).reason());
        new Thread(pass).start();
        List<Long> pids = scripts.awaitPids("pids", 1);
        commands.cancel();
        assertThat(pass.get(20, TimeUnit.SECONDS)).isEqualTo(Reason.CANCELLED);
        Scripts.awaitGone(pids);
        assertThat(failure(command("next", "touch ran"), LONG).reason()).isEqualTo(Reason.CANCELLED);
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void aCommandReadsAsAnOperatorTypesIt() {
        assertThat(Command.of(List.of("/usr/bin/mmcli", "-L", "-J"), "")).hasToString("mmcli -L -J");
    }

    private void worksAgain() throws Exception {
        assertThat(commands.run(command("works", "exit 0"), MOST_BYTES, LONG).isTrusted())
                .isTrue();
    }

    private NoAnswerException failure(Command command, Duration most) {
        return catchThrowableOfType(NoAnswerException.class, () -> commands.run(command, MOST_BYTES, most));
    }

    /** A script in the folder that the test looks into. */
    private Command command(String name, String... lines) throws Exception {
        List<String> all = new ArrayList<>(List.of("cd " + folder));
        all.addAll(Arrays.asList(lines));
        return Command.of(
                List.of(scripts.write(name, all.toArray(String[]::new)).toString()), "install it");
    }
}
