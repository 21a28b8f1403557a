package io.tidewatch.config;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The component {@code profile} of health: the profile in force, or the one that fits the machine. It is registered while it has
 * something to report, so that other machines have none. {@link #look} is for one thread.
 */
final class ProfileHealth implements HealthCheck {
    private static final long PERIOD = Duration.ofMinutes(10).toNanos();

    private final ChosenProfile chosen;
    private final Supplier<Optional<String>> software;
    private final Function<HealthCheck, Runnable> register;
    private final LongSupplier nanoTime;

    private Optional<String> found = Optional.empty();
    private @Nullable Long searched;
    private @Nullable Runnable unregister;

    private volatile Health health = Health.ok("", Map.of());

    /**
     * @param software searches for software of encoders; called every ten minutes while no profile is chosen
     * @param register registers this check, and returns what ends that
     */
    ProfileHealth(
            ChosenProfile chosen,
            Supplier<Optional<String>> software,
            Function<HealthCheck, Runnable> register,
            LongSupplier nanoTime) {
        this.chosen = chosen;
        this.software = software;
        this.register = register;
        this.nanoTime = nanoTime;
    }

    /** Brings it up to date; cheap. */
    void look() {
        Health now = chosen.name()
                .map(name -> Health.ok(name + " is applied", Map.of("applied", name)))
                .or(this::proposal)
                .orElse(null);
        if (now != null) {
            health = now;
            if (unregister == null) {
                unregister = register.apply(this);
            }
        } else if (unregister != null) {
            unregister.run();
            unregister = null;
        }
    }

    @Override
    public Health check() {
        return health;
    }

    private Optional<Health> proposal() {
        if (chosen.isSilenced() || !chosen.problem().isEmpty()) {
            return Optional.empty();
        }
        long now = nanoTime.getAsLong();
        if (searched == null || now - searched >= PERIOD) {
            found = software.get();
            searched = now;
        }
        return found.map(name -> Health.ok(
                name + " is on this machine: 'sudo tidewatch profile " + EncoderSoftware.PROFILE
                        + " --apply' reports its modems and collects more often",
                Map.of("proposed", EncoderSoftware.PROFILE, "found", name)));
    }
}
