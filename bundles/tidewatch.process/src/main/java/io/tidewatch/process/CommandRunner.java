package io.tidewatch.process;

import io.tidewatch.process.RunResult.Ending;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands, one at a time, each in a process group of its own that is killed when the run ends, however it ends. It needs
 * no thread besides the caller's: a pipe is read when there is something in it. {@link #run} is for one thread at a time;
 * {@link #cancel} may come from any thread. Needs {@code /usr/bin/setsid} of util-linux, and the native library of JNA.
 */
public final class CommandRunner {
    /** Of the error output. */
    private static final int ERRORS_KEPT = 4 << 10;

    private static final int LONGEST_ERROR = 200;

    /** How long a killed process may take to die before the pass goes on without it: the scheduler waits for a second. */
    private static final Duration DEATH = Duration.ofMillis(500);

    /** Between two looks at the pipes: after some output, and at most. A pipe takes 64 KiB in the meantime. */
    private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(128);

    private final LongSupplier nanoTime;

    // Guarded by this.
    private @Nullable Process running;
    private boolean cancelled;

    /** Killed and not dead yet. Of the thread that runs commands. */
    private @Nullable Process undead;

    public CommandRunner(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Runs a command until it ends, prints too much or takes too long. Whatever fails is the {@link RunResult#ending()} of
     * the result.
     *
     * @param mostBytes how many bytes it may print, on each of its outputs; they are held in memory
     * @param limit after which it is killed; up to half a second may pass until it is dead
     * @throws InterruptedException if the wait was interrupted; the command has been killed
     */
    public RunResult run(Command command, int mostBytes, Duration limit) throws InterruptedException {
        Process old = undead;
        if (old != null && old.isAlive()) {
            return RunResult.notStarted("process " + old.pid()
                    + " does not end after SIGKILL: it waits in the kernel, for a disk or a driver; no"
                    + " command starts until it ends; see dmesg, or reboot");
        }
        undead = null;
        String obstacle = command.obstacle();
        if (!obstacle.isEmpty()) {
            return RunResult.notStarted(obstacle);
        }
        long start = nanoTime.getAsLong();
        Process process;
        try {
            process = start(command);
        } catch (IOException e) {
            return RunResult.notStarted(command.program() + " could not be started: " + e.getMessage());
        }
        // Java's own thread empties the pipes of a process that has ended, without a limit, while others of its group
        // may still write. It takes these locks for that, and finds the pipes closed.
        InputStream out = process.getInputStream();
        InputStream err = process.getErrorStream();
        synchronized (out) {
            synchronized (err) {
                try (out;
                        err) {
                    return run(process, out, err, mostBytes, start, limit);
                } catch (IOException e) {
                    return RunResult.notStarted(
                            "the output of " + command.program() + " cannot be read: " + e.getMessage());
                }
            }
        }
    }

    /** Kills the command that runs, if one does; its run then ends as {@link Ending#CANCELLED}. */
    public synchronized void cancel() {
        Process now = running;
        if (now != null) {
            cancelled = true;
            ProcessGroup.kill(now);
        }
    }

    private synchronized Process start(Command command) throws IOException {
        cancelled = false;
        Process process = command.builder().start();
        running = process;
        return process;
    }

    private RunResult run(Process process, InputStream out, InputStream err, int mostBytes, long start, Duration limit)
            throws IOException, InterruptedException {
        boolean over = false;
        try {
            BoundedOutput output = new BoundedOutput(out, mostBytes, mostBytes);
            BoundedOutput errors = new BoundedOutput(err, mostBytes, ERRORS_KEPT);
            Ending ending = await(process, output, errors, start + limit.toNanos());
            over = true;
            if (end(process)) {
                ending = Ending.CANCELLED;
            }
            Duration duration = Duration.ofNanos(nanoTime.getAsLong() - start);
            // What the group wrote before it was killed; the pipes are not filled any more.
            output.take();
            errors.take();
            if (ending == Ending.EXITED && (output.isTooLong() || errors.isTooLong())) {
                ending = Ending.TOO_LONG;
            }
            int exitCode = ending == Ending.EXITED ? process.exitValue() : -1;
            return new RunResult(ending, exitCode, output.stream(), firstLine(errors.stream()), duration);
        } finally {
            if (!over) {
                end(process);
            }
        }
    }

    private Ending await(Process process, BoundedOutput out, BoundedOutput err, long deadline)
            throws IOException, InterruptedException {
        long wait = SHORTEST_WAIT;
        while (true) {
            boolean ended = !process.isAlive();
            boolean printed = out.take();
            printed |= err.take();
            if (out.isTooLong() || err.isTooLong()) {
                return Ending.TOO_LONG;
            }
            if (ended) {
                return Ending.EXITED;
            }
            long left = deadline - nanoTime.getAsLong();
            if (left <= 0) {
                return Ending.TIMED_OUT;
            }
            wait = printed ? SHORTEST_WAIT : Math.min(2 * wait, LONGEST_WAIT);
            // Returns at once when the process ends.
            process.waitFor(Math.min(wait, left), TimeUnit.NANOSECONDS);
        }
    }

    /** Kills what is left of it, and waits until the process is dead. Returns whether the run was cancelled. */
    private boolean end(Process process) {
        ProcessGroup.kill(process);
        undead = isDead(process) ? null : process;
        synchronized (this) {
            running = null;
            return cancelled;
        }
    }

    /** Waits for it a while, also on an interrupted thread. */
    private boolean isDead(Process process) {
        boolean interrupted = false;
        boolean dead = !process.isAlive();
        long deadline = nanoTime.getAsLong() + DEATH.toNanos();
        for (long left = DEATH.toNanos(); !dead && left > 0; left = deadline - nanoTime.getAsLong()) {
            try {
                dead = process.waitFor(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return dead;
    }

    private static String firstLine(InputStream errors) throws IOException {
        String first = new String(errors.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("\\p{Cntrl}", "\uFFFD").strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
        return first.length() > LONGEST_ERROR ? first.substring(0, LONGEST_ERROR) + "…" : first;
    }

    /**
     * Takes from the output of a process what is there, without ever waiting for more: its other end may stay open for longer than
     * the process lives. Not safe for use by several threads.
     */
    private static final class BoundedOutput {
        private final InputStream from;
        private final long most;
        private final int kept;
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final byte[] buffer = new byte[8 << 10];
        private long bytes;

        /** @param most how many bytes it may print, of which {@code kept} are wanted */
        BoundedOutput(InputStream from, long most, int kept) {
            this.from = from;
            this.most = most;
            this.kept = kept;
        }

        /** Takes what is there, until it is too long; returns whether there was anything. */
        boolean take() throws IOException {
            long before = bytes;
            int available;
            while (!isTooLong() && (available = from.available()) > 0) {
                int read = from.read(buffer, 0, Math.min(available, buffer.length));
                if (read <= 0) {
                    break;
                }
                bytes += read;
                taken.write(buffer, 0, Math.min(read, kept - taken.size()));
            }
            return bytes > before;
        }

        boolean isTooLong() {
            return bytes > most;
        }

        /** Returns what was taken and is wanted. */
        InputStream stream() {
            return new ByteArrayInputStream(taken.toByteArray());
        }
    }
}
