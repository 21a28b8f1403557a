package io.tidewatch.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/** The main program. See {@link CommandLine#help()} for what it takes and {@link ExitCode} for how it ends. */
public final class Main {
    /** What an orderly stop may take, a little below the promised 10 s so that the whole process keeps the promise. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(9);

    /** JDK logging, because pax-logging takes it over once it runs and the JDK prints it until then. */
    private static final Logger LOG = Logger.getLogger("io.tidewatch.launcher");

    private final PrintStream out;

    private Main(PrintStream out) {
        this.out = out;
    }

    /** Does what the arguments ask for and ends the process. */
    @AllowedHere("the end of the process")
    public static void main(String[] arguments) {
        ExitCode exitCode;
        try {
            exitCode = new Main(System.out).execute(CommandLine.parse(arguments), arguments);
        } catch (LaunchException e) {
            System.err.println("tidewatch: " + e.getMessage());
            exitCode = e.exitCode();
        }
        System.exit(exitCode.number());
    }

    private ExitCode execute(CommandLine command, String... arguments) throws LaunchException {
        switch (command) {
            case RUN -> {
                return run();
            }
            case CHECK -> {
                return FolderCheck.run(System.getenv(), arguments.length > 1 ? arguments[1] : null, out);
            }
            case VERSION -> out.println("tidewatch " + version());
            case HELP -> out.print(CommandLine.help());
        }
        return ExitCode.OK;
    }

    private static ExitCode run() throws LaunchException {
        NameLookups.rememberBriefly();
        Places places = Places.find(System.getProperty("tidewatch.home"), System.getenv());
        CollectorSet collectors = CollectorSet.choose(System.getenv(), System.getProperty("os.name"));
        try (InstanceLock lock = InstanceLock.take(places.lock())) {
            // Read by logback's files, which see system properties but not those of the framework.
            System.setProperty("tidewatch.config", places.config().toString());
            String version = version();
            Starts starts = Starts.begin(places);
            HeldBack heldBack = starts.heldBack();
            FelixRuntime runtime = new FelixRuntime(places, collectors, version, heldBack);
            AtomicBoolean ended = new AtomicBoolean();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> stop(runtime, lock, starts, ended), "tidewatch-stop"));
            try {
                runtime.start();
                if (!runtime.isStopping()) {
                    LOG.info(() -> "tidewatch " + version + " runs; config " + places.config() + ", state "
                            + places.state() + ", deploy " + places.deploy() + ", collectors " + collectors.label());
                    heldBack.announce();
                }
                while (!runtime.awaitEnd(StartRecord.WITHIN)) {
                    starts.stayed(heldBack);
                }
            } catch (InterruptedException e) {
                throw new LaunchException(ExitCode.FAILURE, "The main thread was interrupted.", e);
            } finally {
                if (runtime.isStopping()) {
                    awaitHalt();
                }
                ended.set(true);
            }
            throw new LaunchException(ExitCode.FAILURE, "The framework ended by itself.");
        }
    }

    /**
     * On SIGTERM and SIGINT: stops in order and ends the process with {@link ExitCode#OK}, where the JVM would report
     * the signal. Also called when the process ends because the framework has; then there is nothing to stop.
     */
    @AllowedHere("the end of the process, with an exit code of our own")
    private static void stop(FelixRuntime runtime, InstanceLock lock, Starts starts, AtomicBoolean ended) {
        if (ended.get()) {
            return;
        }
        starts.stopped();
        boolean stopped = false;
        try {
            stopped = runtime.stop(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopped) {
            lock.close();
        } else {
            System.err.println("tidewatch: not stopped in order within " + STOP_LIMIT.toSeconds()
                    + " s; ending the process. What was stored is safe.");
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt((stopped ? ExitCode.OK : ExitCode.FAILURE).number());
    }

    /** The stopping thread ends the process; whatever this one noticed meanwhile is part of that. */
    private static void awaitHalt() {
        while (true) {
            try {
                Thread.currentThread().join();
            } catch (InterruptedException e) {
                // Still for the other thread to end.
            }
        }
    }

    /** Version of the agent. */
    static String version() {
        try (InputStream resource = Main.class.getResourceAsStream("version")) {
            if (resource == null) {
                return "unknown";
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
