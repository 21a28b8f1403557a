package io.tidewatch.launcher;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The end of the process: in order on SIGTERM and SIGINT, with {@link ExitCode#OK}. An end that neither a signal nor the
 * launcher asked for, by System.exit of a bundle, is in order too; but it is {@link ExitCode#FAILURE} whatever code was given,
 * so that the service is started again, and it counts against the jars of the deploy folder. SIGHUP has the configuration
 * read again.
 */
final class Ending {
    /** What an orderly stop may take, a little below the promised 10 s so that the whole process keeps the promise. */
    static final Duration LIMIT = Duration.ofSeconds(9);

    private static final Logger LOG = Logger.getLogger("io.tidewatch.launcher");

    private final FelixRuntime runtime;
    private final InstanceLock lock;
    private final Starts starts;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable ExitCode wanted;
    private volatile boolean signalled;

    private Ending(FelixRuntime runtime, InstanceLock lock, Starts starts) {
        this.runtime = runtime;
        this.lock = lock;
        this.starts = starts;
    }

    /** From now on the process ends like that. */
    static Ending prepare(FelixRuntime runtime, InstanceLock lock, Starts starts) {
        Ending ending = new Ending(runtime, lock, starts);
        Runtime.getRuntime().addShutdownHook(new Thread(ending::stop, "tidewatch-stop"));
        boolean handled = Signals.handle("TERM", ending::endOnSignal);
        handled &= Signals.handle("INT", ending::endOnSignal);
        if (!handled) {
            // Every end has to pass for one that a signal asked for.
            ending.signalled = true;
            ending.wanted = ExitCode.OK;
        }
        Signals.handle("HUP", () -> {
            LOG.info("SIGHUP: the configuration is read again");
            runtime.rereadConfiguration();
        });
        return ending;
    }

    /** The framework has ended, and the main thread ends the process. */
    void isOver() {
        over.set(true);
    }

    /** Ends the process in order, for a reason of the launcher's own. Does not return. */
    @AllowedHere("the end of the process")
    void end(ExitCode code) {
        wanted = code;
        System.exit(code.number());
    }

    private void endOnSignal() {
        signalled = true;
        end(ExitCode.OK);
    }

    @AllowedHere("the end of the process, with an exit code of our own")
    private void stop() {
        if (over.get()) {
            return;
        }
        ExitCode code = wanted;
        if (signalled) {
            starts.stopped();
        }
        if (code == null) {
            code = ExitCode.FAILURE;
            String by =
                    EndReason.of(Thread.getAllStackTraces(), runtime.bundles()).orElse("code that is not on any stack");
            String message = "System.exit was called by " + by + "; the agent stops in order, to be started again."
                    + " Remove the jar at fault from the deploy folder";
            LOG.severe(message);
            System.err.println("tidewatch: " + message);
        }
        boolean stopped = false;
        try {
            stopped = runtime.stop(LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopped) {
            lock.close();
        } else {
            code = ExitCode.FAILURE;
            System.err.println("tidewatch: not stopped in order within " + LIMIT.toSeconds()
                    + " s; ending the process. What was stored is safe.");
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code.number());
    }
}
