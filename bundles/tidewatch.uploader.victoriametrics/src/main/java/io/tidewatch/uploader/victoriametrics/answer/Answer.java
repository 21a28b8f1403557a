package io.tidewatch.uploader.victoriametrics.answer;

import io.tidewatch.uploader.victoriametrics.failure.Reason;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The result of one request. */
public sealed interface Answer {
    /** The server has accepted everything. */
    record Accepted() implements Answer {}

    /** The server has accepted so many samples from the beginning of the request, less than it had. */
    record Partial(int samples) implements Answer {}

    /**
     * Nothing was accepted, as far as is known: the samples stay pending.
     *
     * @param label the same for metrics and logs; with the status where {@code reason} is any status
     * @param message event, consequence and next step, without secrets
     * @param retryAfter how long the server asks to be left alone
     */
    record Failure(Reason reason, String label, String message, Optional<Duration> retryAfter) implements Answer {
        public Failure(Reason reason, String message) {
            this(reason, reason.label(), message, Optional.empty());
        }
    }

    /** Whether the server refuses the samples; for a single one that includes its size. */
    static boolean isRefusal(@Nullable Answer answer) {
        return answer instanceof Failure failure
                && (failure.reason() == Reason.REFUSED || failure.reason() == Reason.HTTP_413);
    }
}
