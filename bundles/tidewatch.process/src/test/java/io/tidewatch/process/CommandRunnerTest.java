package io.tidewatch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.process.RunResult.Ending;
import io.tidewatch.testing.process.Scripts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, well and badly behaved. */
@Timeout(60)
class CommandRunnerTest {
    private static final int MOST_BYTES = 256 << 10;
    private static final String REMEDY = "install modemmanager";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir
    Path folder;

    private final CommandRunner runner = new CommandRunner(System::nanoTime);
    private Scripts scripts;

    @BeforeEach
    void scripts() {
        scripts = new Scripts(folder);
    }

    @Test
    void theOutputAndTheExitCodeAreTheCommands() throws Exception {
        RunResult result = run(LONG, "echo out", "echo \"$1|$2\"", "exit 3");
        assertThat(result.ending()).isEqualTo(Ending.EXITED);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(text(result)).isEqualTo("out\n|\n");
        assertThat(result.isTrusted()).isFalse();
        assertThat(result.duration()).isPositive().isLessThan(LONG);
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        Path script = scripts.write("args", "for a; do echo \"<$a>\"; done");
        RunResult result = runner.run(command(script, "a b", "", "$HOME", "--", "-x", "é;|"), MOST_BYTES, LONG);
        assertThat(text(result)).isEqualTo("<a b>\n<>\n<$HOME>\n<-->\n<-x>\n<é;|>\n");
    }

    @Test
    void theEnvironmentIsCleanTheInputIsEmptyAndTheFolderIsTheGivenOne() throws Exception {
        Path script = scripts.write("env", "/usr/bin/env | sort", "cat", "pwd");
        SortedMap<String, String> variables = new TreeMap<>();
        variables.put("TOKEN", "a b");
        RunResult result =
                runner.run(new Command(List.of(script.toString()), variables, folder, REMEDY), MOST_BYTES, LONG);
        List<String> lines = text(result).lines().toList();
        assertThat(lines)
                .contains(
                        "HOME=/",
                        "LANG=C.UTF-8",
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "TOKEN=a b",
                        folder.toRealPath().toString());
        // D is the script's own; the shell adds PWD, and some add two more.
        assertThat(lines.stream().filter(line -> line.contains("=") && !line.matches("(D|PWD|OLDPWD|SHLVL|_)=.*")))
                .hasSize(4);
    }

    @Test
    void aChildThatIgnoresEverySignalItCanIsGoneAfterTheTimeout() throws Exception {
        RunResult result = run(
                SHORT,
                "trap '' TERM INT HUP PIPE",
                "(trap '' TERM; echo $$ >>$D/pids; exec sleep 1000) &",
                "sleep 1000 & echo $! >>$D/pids",
                "setsid sleep 1000 & echo $! >>$D/pids",
                "echo $$ >>$D/pids",
                "sleep 1000");
        assertThat(result.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(result.exitCode()).isEqualTo(-1);
        assertThat(result.duration()).isBetween(SHORT, Duration.ofSeconds(5));
        Scripts.awaitGone(scripts.awaitPids("pids", 4));
    }

    @Test
    void aGrandchildThatKeepsTheOutputOpenIsKilledWhenTheCommandEnds() throws Exception {
        RunResult result = run(LONG, "sleep 1000 & echo $! >$D/pids", "echo 42");
        assertThat(result.isTrusted()).isTrue();
        assertThat(text(result)).isEqualTo("42\n");
        assertThat(result.duration()).isLessThan(Duration.ofSeconds(15));
        Scripts.awaitGone(scripts.awaitPids("pids", 1));
    }

    @Test
    void aDaemonThatKeepsTheOutputOpenHoldsNothingUp() throws Exception {
        RunResult result = run(
                LONG,
                "setsid sh -c 'echo $$ >$D/pids; exec sleep 1000' &",
                "while [ ! -s $D/pids ]; do :; done",
                "echo 42");
        assertThat(text(result)).isEqualTo("42\n");
        assertThat(result.duration()).isLessThan(Duration.ofSeconds(15));
        // It has left the group on purpose; the service manager ends it with the service.
        scripts.awaitPids("pids", 1).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void whatIsLeftOfTheGroupCanFillNoMemoryWhenTheCommandHasEnded() throws Exception {
        RunResult result = run(LONG, "yes & echo $! >$D/pids", "yes & echo $! >>$D/pids", "exit 0");
        assertThat(result.ending()).isIn(Ending.EXITED, Ending.TOO_LONG);
        assertThat(result.output().available()).isLessThanOrEqualTo(MOST_BYTES);
        Scripts.awaitGone(scripts.awaitPids("pids", 2));
    }

    @Test
    void outputWithoutEndIsKilled() throws Exception {
        RunResult result = run(LONG, "echo $$ >$D/pids", "exec yes");
        assertThat(result.ending()).isEqualTo(Ending.TOO_LONG);
        assertThat(result.output().available()).isLessThanOrEqualTo(MOST_BYTES);
        Scripts.awaitGone(scripts.awaitPids("pids", 1));
    }

    @Test
    void outputOfExactlyTheLimitIsKept() throws Exception {
        RunResult result = run(LONG, "head -c " + MOST_BYTES + " /dev/zero");
        assertThat(result.isTrusted()).isTrue();
        assertThat(result.output().available()).isEqualTo(MOST_BYTES);
        assertThat(run(LONG, "head -c " + (MOST_BYTES + 1) + " /dev/zero").ending())
                .isEqualTo(Ending.TOO_LONG);
    }

    @Test
    void errorsWithoutEndAreKilledAndTheFirstLineIsShown() throws Exception {
        RunResult result = run(LONG, "printf '\\n\\033[31mno modem\\a\\n' >&2", "exec yes >&2");
        assertThat(result.ending()).isEqualTo(Ending.TOO_LONG);
        assertThat(result.complaint()).isEqualTo("\uFFFD[31mno modem\uFFFD");
    }

    @Test
    void aByteAtATimeIsReadUntilTheTimeout() throws Exception {
        RunResult result = run(Duration.ofSeconds(1), "while :; do printf x; sleep 0.05; done");
        assertThat(result.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(text(result)).matches("x{2,}");
    }

    @Test
    void aCommandThatClosesItsOutputsIsAwaited() throws Exception {
        RunResult result = run(LONG, "exec >&- 2>&-", "sleep 0.2", "exit 5");
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.duration()).isGreaterThan(Duration.ofMillis(200));
    }

    @Test
    void aCommandThatASignalEndsHasItsNumber() throws Exception {
        assertThat(run(LONG, "kill -SEGV $$").exitCode()).isEqualTo(128 + 11);
    }

    @Test
    void anInterruptKillsTheCommand() throws Exception {
        Path script = scripts.write("slow", "sleep 1000 & echo $! >$D/pids; echo $$ >>$D/pids; wait");
        FutureTask<RunResult> pass = start(() -> runner.run(command(script), MOST_BYTES, LONG));
        List<Long> pids = scripts.awaitPids("pids", 2);
        pass.cancel(true);
        Scripts.awaitGone(pids);
        assertThat(run(LONG, "echo again").isTrusted()).isTrue();
    }

    @Test
    void cancelKillsTheCommandAndTheNextOneRuns() throws Exception {
        Path script = scripts.write("slow", "sleep 1000 & echo $! >$D/pids; echo $$ >>$D/pids; wait");
        runner.cancel();
        FutureTask<RunResult> pass = start(() -> runner.run(command(script), MOST_BYTES, LONG));
        List<Long> pids = scripts.awaitPids("pids", 2);
        runner.cancel();
        assertThat(pass.get(10, TimeUnit.SECONDS).ending()).isEqualTo(Ending.CANCELLED);
        Scripts.awaitGone(pids);
        assertThat(run(LONG, "echo again").isTrusted()).isTrue();
    }

    @Test
    void whatCannotBeStartedSaysWhatToDo() throws Exception {
        assertThat(complaint(command(folder.resolve("none"))))
                .startsWith(folder.resolve("none") + " does not exist")
                .contains(" may not enter; " + REMEDY);
        Path plain = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
        assertThat(complaint(command(plain))).contains("may execute; chmod a+rx, or " + REMEDY);
        assertThat(complaint(command(folder))).contains("is no program");
        assertThat(complaint(new Command(List.of("/bin/true"), new TreeMap<>(), folder.resolve("gone"), REMEDY)))
                .contains("the folder " + folder.resolve("gone") + " does not exist");
        assertThat(complaint(new Command(List.of(), new TreeMap<>(), folder, REMEDY)))
                .contains("no command");
    }

    @Test
    void aProgramThatTheKernelRefusesIsReported() throws Exception {
        Path script = folder.resolve("bad");
        Files.writeString(script, "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        RunResult result = runner.run(command(script), MOST_BYTES, LONG);
        assertThat(result.exitCode()).isIn(126, 127);
        assertThat(result.complaint()).contains(script.toString());
    }

    @Test
    void manyRunsLeaveNeitherZombiesNorThreads() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertThat(run(LONG, "echo $$ >>$D/pids", "(exit 1) &", "echo " + i).isTrusted())
                    .isTrue();
        }
        Scripts.awaitGone(scripts.awaitPids("pids", 30));
        await().until(() -> ProcessHandle.current().children().allMatch(child -> Scripts.runs(child.pid())));
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("process reaper")))
                .hasSizeLessThan(3);
    }

    private RunResult run(Duration limit, String... lines) throws Exception {
        return runner.run(command(scripts.write("script", lines)), MOST_BYTES, limit);
    }

    private String complaint(Command command) throws InterruptedException {
        RunResult result = runner.run(command, MOST_BYTES, LONG);
        assertThat(result.ending()).isEqualTo(Ending.NOT_STARTED);
        assertThat(result.exitCode()).isEqualTo(-1);
        return result.complaint();
    }

    private static Command command(Path program, String... arguments) {
        List<String> words = new java.util.ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        return Command.of(words, REMEDY);
    }

    private static String text(RunResult result) throws IOException {
        return new String(result.output().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static FutureTask<RunResult> start(Callable<RunResult> run) throws ExecutionException {
        FutureTask<RunResult> task = new FutureTask<>(run);
        Thread thread = new Thread(task, "test-pass");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
