package io.tidewatch.clockskew;

import io.tidewatch.api.health.Health;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the times of samples are right, from all that is known. Safe for use by several threads.
 *
 * @param built when the agent was built: a clock that says less is wrong
 */
record ClockTrust(DeviceClock clock, SkewReport report, FirstComparison first, Instant built) {
    /** Off by more, the clock is wrong and not only inexact. */
    static final Duration PLAINLY_WRONG = Duration.ofDays(1);

    /** Why samples should not be sent now, by the time that they are stamped with; empty: they may be. */
    Optional<String> doubt(Instant now, SkewSettings settings) {
        if (now.isBefore(built)) {
            return Optional.of(neverSet(now));
        }
        Optional<String> open = clock.doubt();
        if (open.isPresent()) {
            return open;
        }
        Duration ahead = clock.state().ahead();
        Optional<Duration> skew = report.skew(settings)
                .map(off -> off.minus(ahead))
                .filter(off -> off.abs().compareTo(PLAINLY_WRONG) > 0);
        if (skew.isPresent()) {
            Duration off = skew.get();
            return Optional.of(
                    "the clock says " + seconds(now) + ", " + off.abs().toDays() + " days "
                            + (off.isNegative() ? "behind" : "ahead of")
                            + " the server's; set the one that is wrong (timedatectl), or let " + ClockSkew.PID
                            + " compare with another url");
        }
        return first.isAwaited() ? Optional.of("the clock is being compared with the server's") : Optional.empty();
    }

    /** Health with what is known besides of the skew. */
    Health health(Health ofSkew, Instant now) {
        DeviceClock.State state = clock.state();
        Map<String, Object> details = new LinkedHashMap<>(ofSkew.details());
        details.put("steps_total", state.steps());
        Step last = state.last();
        if (last != null) {
            details.put("last_step_from", last.before());
            details.put("last_step_to", last.after());
            details.put("moved_samples_total", state.moved());
        }
        if (!state.ahead().isZero()) {
            details.put("step_not_accepted_ms", state.ahead().toMillis());
        }
        String worse = problem(state, now);
        Health health = new Health(ofSkew.status(), ofSkew.message(), details);
        return worse == null ? health : health.degradedBy(worse);
    }

    private @Nullable String problem(DeviceClock.State state, Instant now) {
        if (now.isBefore(built)) {
            return neverSet(now);
        }
        return state.trouble() == null
                ? StepMessages.problem(state.phase(), state.ahead()).orElse(null)
                : StepMessages.NOT_CORRECTED + state.trouble();
    }

    private String neverSet(Instant now) {
        return "the clock says " + seconds(now)
                + ", which is before this version was built; samples are kept until it is"
                + " set: check time synchronisation (timedatectl)";
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
