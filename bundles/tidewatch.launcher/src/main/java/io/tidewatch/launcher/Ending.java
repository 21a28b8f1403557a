package io.tidewatch.launcher;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

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

    void isOver() {
        over.set(true);
    }

    /** Ends the process in order, for a reason of the launcher's own. Does not return. */
    @AllowedHere("the end of the process")
    void end(ExitCode code) {
        wanted = code;
        System.exit(code.number);
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
            String by = callerOfExit(runtime.bundles()).orElse("code that is not on any stack");
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
        Runtime.getRuntime().halt(code.number);
    }

    /** The caller of System.exit, as far as the stacks of the threads show: class, method, and the bundle that it is of. */
    private static Optional<String> callerOfExit(Bundle... bundles) {
        for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
            for (int i = stack.length - 2; i >= 0; i--) {
                if (isExit(stack[i]) && !isExit(stack[i + 1])) {
                    StackTraceElement caller = stack[i + 1];
                    return Optional.of(
                            caller.getClassName() + "." + caller.getMethodName() + bundleOf(caller, bundles));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isExit(StackTraceElement frame) {
        return frame.getMethodName().equals("exit")
                && (frame.getClassName().equals("java.lang.System")
                        || frame.getClassName().equals("java.lang.Runtime"));
    }

    private static String bundleOf(StackTraceElement frame, Bundle... bundles) {
        String entry = frame.getClassName().replace('.', '/') + ".class";
        for (Bundle bundle : bundles) {
            if (bundle.getBundleId() > 0 && bundle.getState() != Bundle.UNINSTALLED && bundle.getEntry(entry) != null) {
                return " of bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " ("
                        + bundle.getLocation().replaceFirst(".*/", "") + ")";
            }
        }
        return "";
    }
}
