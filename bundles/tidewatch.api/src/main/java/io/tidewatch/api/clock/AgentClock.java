package io.tidewatch.api.clock;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The clock of the device, watched: a device without a battery for it begins in the past, and sets it when it gets
 * online. Whoever stamps samples reads this clock instead of the system's, so that every setting is noticed before the
 * first sample carries the new time.
 *
 * <p>Threads: every method may be called from any thread, and returns at once.
 */
@ProviderType
public interface AgentClock {
    /** The present. */
    Stamp now();

    /**
     * Why the clock is not to be believed at the moment, as a sentence for an operator with what to do; empty if it is.
     * Samples are kept then and not sent, since those whose time is wrong can still be moved to their true time.
     */
    Optional<String> doubt();
}
