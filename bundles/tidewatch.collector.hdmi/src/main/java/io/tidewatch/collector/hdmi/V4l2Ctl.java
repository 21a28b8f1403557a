package io.tidewatch.collector.hdmi;

import io.tidewatch.api.config.Setting;
import io.tidewatch.collector.hdmi.V4l2Exception.Failure;
import io.tidewatch.process.Command;
import io.tidewatch.process.CommandRunner;
import io.tidewatch.process.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a video device by way of {@code v4l2-ctl} of v4l-utils: v4l2-ctl(1). All calls of a pass share a deadline. For one thread,
 * but for {@link #cancel}.
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

    private final CommandRunner runner;
    private final LongSupplier nanoTime;
    private Path program = PROGRAM;
    private long deadline;

    /** @param nanoTime monotonic clock */
    V4l2Ctl(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        runner = new CommandRunner(nanoTime);
    }

    /**
     * The answer about a signal.
     *
     * @param output what was printed of its timings; empty without a signal
     * @param reason why there is no signal; empty with one
     */
    record Signal(String output, String reason) {}

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

    /** Kills the program if it runs. From any thread. */
    void cancel() {
        runner.cancel();
    }

    /**
     * Returns 1 if a source feeds 5 V into the connector, else 0; empty if the driver does not know.
     *
     * @throws V4l2Exception if there is no answer
     */
    OptionalInt power(Path device) throws V4l2Exception, InterruptedException {
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
            throw new V4l2Exception(
                    Failure.FAILED,
                    "v4l2-ctl printed '" + shown(text) + "' for " + CONTROL + " of " + device
                            + " (expected power_present: 0 or 1)");
        }
        // A bit for each connector.
        return OptionalInt.of(
                Long.decode(String.valueOf(matcher.group(1)).replaceFirst("^0+(?=[0-9])", "")) == 0 ? 0 : 1);
    }

    /**
     * Asks for the timings of the signal. Without power the kernel logs a line at each such question.
     *
     * @throws V4l2Exception if there is no answer
     */
    Signal signal(Path device) throws V4l2Exception, InterruptedException {
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

    private RunResult run(Path device, String question) throws V4l2Exception, InterruptedException {
        Duration left = Duration.ofNanos(deadline - nanoTime.getAsLong());
        String asked = "v4l2-ctl -d " + device + " " + question;
        if (left.isNegative() || left.isZero()) {
            throw new V4l2Exception(
                    Failure.FAILED, asked + " was not run, as no time was left in this pass; raise timeout");
        }
        Duration limit = left.compareTo(CALL_LIMIT) < 0 ? left : CALL_LIMIT;
        List<String> words = List.of(program.toString(), "-d", device.toString(), question);
        RunResult result = runner.run(Command.of(words, REMEDY), MOST_BYTES, limit);
        String said = result.complaint().isEmpty() ? "" : ": " + result.complaint();
        return switch (result.ending()) {
            case EXITED -> result;
            case NOT_STARTED -> throw new V4l2Exception(Failure.NOT_SET_UP, result.complaint());
            case CANCELLED -> throw new V4l2Exception(Failure.CANCELLED, asked + " was cancelled");
            case TIMED_OUT ->
                throw new V4l2Exception(
                        Failure.FAILED,
                        asked + " did not end within "
                                + Setting.written(
                                        Duration.ofMillis(Math.max(1, Math.round(limit.toMillis() / 100.0)) * 100))
                                + " and was killed" + said);
            case TOO_LONG ->
                throw new V4l2Exception(
                        Failure.FAILED, asked + " printed more than " + MOST_BYTES + "B and was killed" + said);
        };
    }

    /** As v4l2-ctl 1.22 prints it, and newer ones. */
    private static V4l2Exception failed(Path device, RunResult result) {
        String complaint = result.complaint();
        if (complaint.startsWith("Cannot open device") || complaint.startsWith("Failed to open")) {
            return new V4l2Exception(
                    Failure.NOT_SET_UP,
                    device + " cannot be opened by user " + System.getProperty("user.name") + " (" + complaint + "); "
                            + DROP_IN);
        }
        return new V4l2Exception(
                Failure.FAILED,
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

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\p{Cntrl}", "\uFFFD");
        return line.length() > 60 ? line.substring(0, 60) + "…" : line;
    }
}
