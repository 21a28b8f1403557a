package io.tidewatch.process;

import io.tidewatch.process.NoAnswerException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Runs the commands of a pass, one after the other, which share a deadline; each has a limit of its own besides, so that one that
 * hangs leaves time for the others. For one thread, but for {@link #cancel}.
 */
public final class PassCommands {
    private static final double TENTH_MILLIS = 100;

    private final CommandRunner runner;
    private final LongSupplier nanoTime;
    private long deadline;
    private volatile boolean cancelled;

    public PassCommands(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        runner = new CommandRunner(nanoTime);
    }

    /** Begins a pass, with a limit for all of its commands together. */
    public void begin(Duration limit) {
        deadline = nanoTime.getAsLong() + limit.toNanos();
    }

    /** Kills the command that runs, and has no other run. From any thread. */
    public void cancel() {
        cancelled = true;
        runner.cancel();
    }

    /**
     * @param mostBytes how many bytes it may print, on each of its outputs; they are held in memory
     * @param most after which it is killed, also if the pass has more time
     * @throws NoAnswerException if it did not end by itself
     */
    public RunResult run(Command command, int mostBytes, Duration most) throws NoAnswerException, InterruptedException {
        if (cancelled) {
            throw new NoAnswerException(Reason.CANCELLED, command + " was cancelled");
        }
        Duration left = Duration.ofNanos(deadline - nanoTime.getAsLong());
        if (left.isNegative() || left.isZero()) {
            throw new NoAnswerException(
                    Reason.NO_TIME, command + " was not run, as no time was left in this pass; raise timeout");
        }
        Duration limit = left.compareTo(most) < 0 ? left : most;
        RunResult result = runner.run(command, mostBytes, limit);
        String said = result.complaint().isEmpty() ? "" : ": " + result.complaint();
        return switch (result.ending()) {
            case EXITED -> result;
            case NOT_STARTED ->
                throw new NoAnswerException(
                        Files.exists(Path.of(command.program())) ? Reason.UNAVAILABLE : Reason.NOT_INSTALLED,
                        result.complaint());
            case CANCELLED -> throw new NoAnswerException(Reason.CANCELLED, command + " was cancelled");
            case TIMED_OUT ->
                throw new NoAnswerException(
                        Reason.TIMED_OUT, command + " did not end within " + rounded(limit) + " and was killed" + said);
            case TOO_LONG ->
                throw new NoAnswerException(
                        Reason.TOO_LONG, command + " printed more than " + mostBytes + "B and was killed" + said);
        };
    }

    /** To a tenth of a second, so that what is left of a pass reads alike in each. */
    private static String rounded(Duration limit) {
        long millis = Math.max(1, Math.round(limit.toMillis() / TENTH_MILLIS)) * (long) TENTH_MILLIS;
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
