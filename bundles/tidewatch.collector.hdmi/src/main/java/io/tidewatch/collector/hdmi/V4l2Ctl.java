package io.tidewatch.collector.hdmi;

import io.tidewatch.api.collector.Quote;
import io.tidewatch.process.Command;
import io.tidewatch.process.NoAnswerException;
import io.tidewatch.process.NoAnswerException.Reason;
import io.tidewatch.process.PassCommands;
import io.tidewatch.process.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a video device by way of {@code v4l2-ctl} of v4l-utils: v4l2-ctl(1). For one thread, but for {@link #cancel}.
 */
final class V4l2Ctl {
    static final Path PROGRAM = Path.of("/usr/bin/v4l2-ctl");
    static final String DROP_IN = "under systemd install the drop-in hdmi.conf of the profile belabox";

    private static final String REMEDY = "install the package v4l-utils, or correct command";
    private static final int MOST_BYTES = 16 << 10;

    /** It answers within milliseconds, and a receiver that locks on a signal within a second. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private static final String CONTROL = "power_present";
    private static final Pattern POWER = Pattern.compile("power_present: *(0x[0-9a-fA-F]{1,8}|[0-9]{1,9})");
    private static final Pattern REFUSAL = Pattern.compile("VIDIOC_QUERY_DV_TIMINGS: failed: (.*)");

    /** ENOLINK: no signal; ENOLCK: it is unstable; ERANGE: beyond the receiver. Kernel documentation, VIDIOC_QUERY_DV_TIMINGS. */
    private static final Set<String> NO_SIGNAL =
            Set.of("Link has been severed", "No locks available", "Numerical result out of range");

    private final PassCommands commands = new PassCommands(System::nanoTime);
    private Path program = PROGRAM;

    /**
     * @param output what was printed of its timings; empty without a signal
     * @param reason why there is no signal; empty with one
     */
    record Signal(String output, String reason) {}

    /** @param limit for all calls of the pass together */
    void begin(Path path, Duration limit) {
        program = path;
        commands.begin(limit);
    }

    /** Kills the program if it runs, and has it not run again. From any thread. */
    void cancel() {
        commands.cancel();
    }

    /** Returns 1 if a source feeds 5 V into the connector, else 0; empty if the driver does not know. */
    OptionalInt power(Path device) throws NoAnswerException, InterruptedException {
        RunResult result = run(device, "--get-ctrl=" + CONTROL);
        if (result.complaint().startsWith("unknown control")) {
            return OptionalInt.empty();
        }
        if (!result.isTrusted()) {
            throw failed(device, result);
        }
        String text = text(result);
        Matcher matcher = POWER.matcher(text.strip());
        if (!matcher.matches()) {
            throw new NoAnswerException(
                    Reason.FAILED,
                    "v4l2-ctl printed '" + Quote.of(text.strip(), Timings.LONGEST_QUOTE) + "' for " + CONTROL + " of "
                            + device + " (expected power_present: 0 or 1)");
        }
        // A bit for each connector.
        return OptionalInt.of(
                Long.decode(String.valueOf(matcher.group(1)).replaceFirst("^0+(?=[0-9])", "")) == 0 ? 0 : 1);
    }

    /** Asks for the timings of the signal. Without power the kernel logs a line at each such question. */
    Signal signal(Path device) throws NoAnswerException, InterruptedException {
        RunResult result = run(device, "--query-dv-timings");
        Matcher refusal = REFUSAL.matcher(result.complaint());
        if (refusal.matches() && NO_SIGNAL.contains(refusal.group(1))) {
            return new Signal("", String.valueOf(refusal.group(1)));
        }
        if (!result.isTrusted() || refusal.matches()) {
            throw failed(device, result);
        }
        return new Signal(text(result), "");
    }

    private RunResult run(Path device, String question) throws NoAnswerException, InterruptedException {
        List<String> words = List.of(program.toString(), "-d", device.toString(), question);
        return commands.run(Command.of(words, REMEDY), MOST_BYTES, CALL_LIMIT);
    }

    /** As v4l2-ctl 1.22 prints it, and newer ones. */
    private static NoAnswerException failed(Path device, RunResult result) {
        String complaint = result.complaint();
        if (complaint.startsWith("Cannot open device") || complaint.startsWith("Failed to open")) {
            return new NoAnswerException(
                    Reason.UNAVAILABLE,
                    device + " cannot be opened by user " + System.getProperty("user.name") + " (" + complaint + "); "
                            + DROP_IN);
        }
        return new NoAnswerException(
                Reason.FAILED,
                "v4l2-ctl ended with exit code " + result.exitCode() + " for " + device
                        + (complaint.isEmpty() ? "" : ": " + complaint));
    }

    private static String text(RunResult result) {
        try {
            return new String(result.output().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // It is in memory.
            throw new UncheckedIOException(e);
        }
    }
}
