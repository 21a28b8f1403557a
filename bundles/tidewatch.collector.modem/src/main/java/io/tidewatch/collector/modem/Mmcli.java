package io.tidewatch.collector.modem;

import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.process.Command;
import io.tidewatch.process.NoAnswerException;
import io.tidewatch.process.NoAnswerException.Reason;
import io.tidewatch.process.PassCommands;
import io.tidewatch.process.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks ModemManager by way of {@code mmcli}, whose option {@code -J} prints JSON: mmcli(1). For one thread,
 * but for {@link #cancel}.
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

    private final PassCommands commands = new PassCommands(System::nanoTime);
    private Path program = PROGRAM;

    /**
     * Begins a pass.
     *
     * @param limit for all of its calls together
     */
    void begin(Path path, Duration limit) {
        program = path;
        commands.begin(limit);
    }

    /** Kills the program if it runs, and has it not run again. From any thread. */
    void cancel() {
        commands.cancel();
    }

    /**
     * Runs the program and reads what it prints.
     *
     * @param wanted what of the document is wanted; nothing else of it is kept or shown, as it may be private
     * @param arguments besides {@code -J}
     * @throws NoAnswerException if there is no document
     */
    Node ask(JsonTree wanted, String... arguments) throws NoAnswerException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        words.add("-J");
        Command command = Command.of(words, REMEDY);
        RunResult result = run(command);
        if (!result.isTrusted()) {
            throw refusal(command, result);
        }
        try {
            return wanted.read(result.output());
        } catch (IOException e) {
            throw new NoAnswerException(
                    Reason.FAILED,
                    command + " printed no JSON document" + place(String.valueOf(e.getMessage())) + "; run it to see");
        }
    }

    /** Returns the end of the message, which is the place; what is before it may quote the document. */
    private static String place(String message) {
        int place = message.lastIndexOf(PLACE);
        return place < 0 ? "" : ": malformed" + message.substring(place);
    }

    private RunResult run(Command command) throws NoAnswerException, InterruptedException {
        try {
            return commands.run(command, MOST_BYTES, CALL_LIMIT);
        } catch (NoAnswerException e) {
            throw e.reason() == Reason.TIMED_OUT
                    ? new NoAnswerException(
                            Reason.TIMED_OUT, e.text() + "; if this stays, systemctl restart ModemManager")
                    : e;
        }
    }

    /** What mmcli prints when it ends with 1: cli/mmcli-common.c and cli/mmcli-modem-signal.c of ModemManager. */
    private static NoAnswerException refusal(Command asked, RunResult result) {
        String complaint = result.complaint();
        String said = complaint.isEmpty() ? "" : ": " + complaint;
        if (complaint.contains("couldn't find modem")
                || complaint.contains("couldn't find bearer")
                || complaint.contains("no extended signal capabilities")) {
            return new NoAnswerException(Reason.ABSENT, asked + said);
        }
        if (complaint.contains("ModemManager process")
                || complaint.contains("couldn't get bus")
                || complaint.contains("couldn't create manager")) {
            return new NoAnswerException(
                    Reason.UNAVAILABLE,
                    "ModemManager does not answer; systemctl enable --now ModemManager (mmcli" + said + ")");
        }
        return new NoAnswerException(Reason.FAILED, asked + " ended with exit code " + result.exitCode() + said);
    }
}
