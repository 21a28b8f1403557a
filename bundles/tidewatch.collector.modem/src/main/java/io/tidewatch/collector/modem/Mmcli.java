package io.tidewatch.collector.modem;

import io.tidewatch.api.config.Setting;
import io.tidewatch.collector.modem.MmcliException.Failure;
import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.process.Command;
import io.tidewatch.process.CommandRunner;
import io.tidewatch.process.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Asks ModemManager by way of {@code mmcli}, whose option {@code -J} prints JSON: mmcli(1). All calls of a pass share a deadline.
 * For one thread, but for {@link #cancel}.
 */
final class Mmcli {
    static final Path PROGRAM = Path.of("/usr/bin/mmcli");
    private static final String REMEDY =
            "install the package modemmanager, correct command, or delete tidewatch.collector.modem.cfg";

    /** The document of a modem with many bands has 6 KiB. */
    private static final int MOST_BYTES = 256 << 10;

    /** mmcli itself waits for 25 s, the limit of a call of D-Bus; it answers within 50 ms. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private static final String PLACE = " at line ";

    private final CommandRunner runner;
    private final LongSupplier nanoTime;
    private Path program = PROGRAM;
    private long deadline;
    private volatile boolean cancelled;

    /** @param nanoTime monotonic clock */
    Mmcli(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        runner = new CommandRunner(nanoTime);
    }

    /**
     * Begins a pass.
     *
     * @param path of the program
     * @param limit for all of its calls together
     */
    void begin(Path path, Duration limit) {
        program = path;
        deadline = nanoTime.getAsLong() + limit.toNanos();
    }

    /** Kills the program if it runs, and has it not run again. From any thread. */
    void cancel() {
        cancelled = true;
        runner.cancel();
    }

    /**
     * Runs the program and reads what it prints.
     *
     * @param wanted what of the document is wanted; nothing else of it is kept or shown, as it may be private
     * @param arguments besides {@code -J}
     * @throws MmcliException if there is no document
     */
    Node ask(JsonTree wanted, String... arguments) throws MmcliException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        words.add("-J");
        String asked = "mmcli " + String.join(" ", words.subList(1, words.size()));
        if (cancelled) {
            throw new MmcliException(Failure.CANCELLED, asked + " was cancelled");
        }
        Duration left = Duration.ofNanos(deadline - nanoTime.getAsLong());
        if (left.isNegative() || left.isZero()) {
            throw new MmcliException(
                    Failure.FAILED, asked + " was not run, as no time was left in this pass; raise timeout");
        }
        Duration limit = left.compareTo(CALL_LIMIT) < 0 ? left : CALL_LIMIT;
        RunResult result = runner.run(Command.of(words, REMEDY), MOST_BYTES, limit);
        if (!result.isTrusted()) {
            throw failure(asked, result, limit);
        }
        try {
            return wanted.read(result.output());
        } catch (IOException e) {
            throw new MmcliException(
                    Failure.FAILED,
                    asked + " printed no JSON document" + place(String.valueOf(e.getMessage())) + "; run it to see");
        }
    }

    /** Returns the end of the message, which is the place; what is before it may quote the document. */
    private static String place(String message) {
        int place = message.lastIndexOf(PLACE);
        return place < 0 ? "" : ": malformed" + message.substring(place);
    }

    private MmcliException failure(String asked, RunResult result, Duration limit) {
        String said = result.complaint().isEmpty() ? "" : ": " + result.complaint();
        return switch (result.ending()) {
            case NOT_STARTED ->
                new MmcliException(
                        Files.exists(program) ? Failure.UNAVAILABLE : Failure.NOT_INSTALLED, result.complaint());
            case CANCELLED -> new MmcliException(Failure.CANCELLED, asked + " was cancelled");
            case TIMED_OUT ->
                new MmcliException(
                        Failure.TIMED_OUT,
                        asked + " did not end within " + rounded(limit)
                                + " and was killed; if this stays, systemctl restart ModemManager" + said);
            case TOO_LONG ->
                new MmcliException(
                        Failure.FAILED, asked + " printed more than " + MOST_BYTES + "B and was killed" + said);
            case EXITED -> refusal(asked, result, said);
        };
    }

    /** To a tenth of a second, so that what is left of a pass reads alike in each. */
    private static String rounded(Duration limit) {
        return Setting.written(Duration.ofMillis(Math.max(1, Math.round(limit.toMillis() / 100.0)) * 100));
    }

    /** What mmcli prints when it ends with 1: cli/mmcli-common.c and cli/mmcli-modem-signal.c of ModemManager. */
    private static MmcliException refusal(String asked, RunResult result, String said) {
        String complaint = result.complaint();
        if (complaint.contains("couldn't find modem") || complaint.contains("couldn't find bearer")) {
            return new MmcliException(Failure.GONE, asked + said);
        }
        if (complaint.contains("no extended signal capabilities")) {
            return new MmcliException(Failure.UNSUPPORTED, asked + said);
        }
        if (complaint.contains("ModemManager process")
                || complaint.contains("couldn't get bus")
                || complaint.contains("couldn't create manager")) {
            return new MmcliException(
                    Failure.UNAVAILABLE,
                    "ModemManager does not answer; systemctl enable --now ModemManager (mmcli" + said + ")");
        }
        return new MmcliException(Failure.FAILED, asked + " ended with exit code " + result.exitCode() + said);
    }
}
