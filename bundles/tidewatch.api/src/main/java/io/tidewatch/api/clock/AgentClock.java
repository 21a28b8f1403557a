package io.tidewatch.api.clock;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The clock that samples are stamped with: the system's, minus a step of it that is not accepted. A device without a
 * battery for its clock begins in the past, and sets it when it gets online; a wrong time server sets a right clock wrong.
 * Components that stamp samples, or compare their times with the present, read this clock instead of the system's, so that
 * every step is noticed before the first sample has the new time.
 *
 * <p>Threads: every method may be called from any thread, and returns at once.
 */
@ProviderType
public interface AgentClock {
    /** The present. */
    Stamp now();

    /**
     * Why the times of samples may be wrong at the moment, as a sentence for an operator with what to do; empty if they
     * are not. Samples are kept then and not sent, since pending ones can still be moved to their true time.
     */
    Optional<String> doubt();
}
