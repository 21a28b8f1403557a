package io.tidewatch.clockskew;

import io.tidewatch.clockskew.StepCheck.Decision;
import io.tidewatch.clockskew.StepCheck.Phase;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What log and health report of a step. */
final class StepMessages {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceClock.class);

    /** Before the reason. */
    static final String NOT_CORRECTED = "the times of stored samples cannot be corrected yet: ";

    private StepMessages() {}

    static void stepped(Step step, Decision decision, Phase phase, Duration ahead) {
        if (decision == Decision.KEEP) {
            String problem = problem(phase, ahead).orElse("");
            LOG.warn("The clock stepped from {} to {}: {}", step.before(), step.after(), problem);
        } else {
            LOG.info(
                    "The clock stepped from {} to {}, by {} {}",
                    step.before(),
                    step.after(),
                    step.size().toMillis(),
                    decision == Decision.BACK
                            ? "ms, back to the time that samples have kept"
                            : "ms; samples stamped before are moved to their true time");
        }
    }

    /** A server, or nothing for a long time, answered the question that a step left open. */
    static void answered(Phase phase, Duration ahead) {
        Optional<String> problem = problem(phase, ahead);
        if (problem.isPresent()) {
            LOG.warn("Still, {}", problem.get());
        } else {
            LOG.info("The step of the clock by {} ms is accepted; samples move to their true time", ahead.toMillis());
        }
    }

    /** What is wrong and what to do; empty if all is well. */
    static Optional<String> problem(Phase phase, Duration ahead) {
        String problem =
                switch (phase) {
                    case SETTLED -> "";
                    case ASKED ->
                        " ms and no server has confirmed the time before or after; samples wait for a comparison with the"
                                + " server, 15 minutes at most";
                    case DOUBTED ->
                        " ms, away from the server's time; samples keep the time from before the step and wait for a"
                                + " comparison with the server, 15 minutes at most: check time synchronisation (timedatectl)";
                    case UNVERIFIED ->
                        " ms, away from the server's time, and no server has confirmed it; samples keep the time from before"
                                + " the step and are sent: check time synchronisation (timedatectl), and the url of "
                                + ClockSkew.PID;
                    case CONTRADICTED ->
                        " ms, which the server's time or the build date contradicts; samples keep the time from before the"
                                + " step: set the clock right (timedatectl), or let " + ClockSkew.PID
                                + " compare with another url";
                };
        return problem.isEmpty() ? Optional.empty() : Optional.of("the clock stepped by " + ahead.toMillis() + problem);
    }
}
