package io.tidewatch.launcher;

import io.tidewatch.api.config.CheckedOutput;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Logger;

/** The main program. See {@link CommandLine#help()} for what it takes and {@link ExitCode} for how it ends. */
public final class Main {
    /** How often the main thread looks whether all parts are there. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** JDK logging, because pax-logging takes it over once it runs and the JDK prints it until then. */
    private static final Logger LOG = Logger.getLogger("io.tidewatch.launcher");

    private Main() {}

    @AllowedHere("the end of the process")
    public static void main(String[] arguments) {
        int exitCode;
        try {
            CommandLine command = CommandLine.parse(arguments);
            exitCode = command == CommandLine.RUN ? run().number : print(command, arguments);
        } catch (LaunchException e) {
            System.err.println("tidewatch: " + e.getMessage());
            exitCode = e.exitCode.number;
        }
        System.exit(exitCode);
    }

    private static int print(CommandLine command, String... arguments) throws LaunchException {
        CheckedOutput out = CheckedOutput.standard();
        ExitCode exitCode = ExitCode.OK;
        switch (command) {
            case CHECK ->
                exitCode = FolderCheck.run(System.getenv(), arguments.length > 1 ? arguments[1] : null, out.printer());
            case VERSION -> out.printer().println("tidewatch " + Build.read());
            default -> out.printer().print(CommandLine.help());
        }
        return out.exitCode(exitCode.number, System.err);
    }

    private static ExitCode run() throws LaunchException {
        NameLookups.rememberBriefly();
        System.setOut(uncloseable(System.out));
        System.setErr(uncloseable(System.err));
        Places places = Places.find(System.getProperty("tidewatch.home"), System.getenv(), Places.SYSTEM_STATE);
        CollectorSet collectors = CollectorSet.choose(System.getenv(), System.getProperty("os.name"));
        try (InstanceLock lock = InstanceLock.take(places.lock())) {
            // Read by logback's files, which see system properties but not those of the framework.
            System.setProperty("tidewatch.config", places.config().toString());
            Build build = Build.read();
            Starts starts = Starts.begin(places);
            QuarantinedJars quarantinedJars = starts.quarantinedJars();
            FelixRuntime runtime = new FelixRuntime(places, collectors, build.version(), quarantinedJars);
            Ending ending = Ending.prepare(runtime, lock, starts);
            try {
                runtime.start();
                if (!runtime.isStopping()) {
                    LOG.info(() -> "tidewatch " + build + " runs; config " + places.config() + ", state "
                            + places.state() + ", deploy " + places.deploy() + ", collectors " + collectors.label());
                    quarantinedJars.announce();
                }
                awaitEnd(runtime, starts, quarantinedJars, ending);
            } catch (InterruptedException e) {
                throw new LaunchException(ExitCode.FAILURE, "The main thread was interrupted.");
            } finally {
                if (runtime.isStopping()) {
                    awaitHalt();
                }
                ending.isOver();
            }
            throw new LaunchException(ExitCode.FAILURE, "The framework ended unexpectedly.");
        }
    }

    /** The log goes there: no bundle shall close it. */
    private static PrintStream uncloseable(PrintStream out) {
        return new PrintStream(out, true, Charset.defaultCharset()) {
            @Override
            public void close() {
                flush();
            }
        };
    }

    private static void awaitEnd(FelixRuntime runtime, Starts starts, QuarantinedJars quarantinedJars, Ending ending)
            throws InterruptedException {
        long stayedSince = System.nanoTime();
        // The first check is immediate, so that a part which disappears before the second one was seen.
        for (Duration wait = Duration.ofMillis(1); !runtime.awaitEnd(wait); wait = LOOK) {
            if (System.nanoTime() - stayedSince >= StartRecord.WITHIN.toNanos()) {
                starts.stayed(quarantinedJars);
                stayedSince = System.nanoTime();
            }
            Optional<String> gone = runtime.isStopping() ? Optional.empty() : runtime.vitalPartGone();
            if (gone.isPresent()) {
                LOG.severe(() -> "The bundle " + gone.get() + " has not worked for "
                        + VitalParts.PATIENCE.toSeconds()
                        + " s, and nothing is collected or kept without it; the process"
                        + " ends, for systemd to start it again. The log before this line names the reason");
                ending.end(ExitCode.PART_GONE);
            }
        }
    }

    /** The stopping thread ends the process; what this one noticed since is part of that. */
    private static void awaitHalt() {
        while (true) {
            try {
                Thread.currentThread().join();
            } catch (InterruptedException e) {
                // Still for the other thread to end.
            }
        }
    }
}
