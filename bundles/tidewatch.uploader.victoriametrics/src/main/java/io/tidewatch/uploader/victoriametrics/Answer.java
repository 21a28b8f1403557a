package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;
import java.util.Optional;

/** What became of one request. */
sealed interface Answer {
    /** The server has taken everything. */
    record Accepted() implements Answer {}

    /**
     * The server has taken a part.
     *
     * @param samples so many samples from the beginning of the request, less than it had
     */
    record Partial(int samples) implements Answer {}

    /** Nothing was taken, as far as is known: the samples stay pending. */
    sealed interface Failure extends Answer {
        /** The kind of failure in lower case with underscores, for counters and to tell one outage from another. */
        String reason();

        /** What happened and what an operator can do, without secrets. */
        String message();

        /** How long the server asks to be left alone. */
        default Optional<Duration> retryAfter() {
            return Optional.empty();
        }
    }

    /** May succeed later, the same as it is. */
    record Retry(String reason, String message, Optional<Duration> retryAfter) implements Failure {
        Retry(String reason, String message) {
            this(reason, message, Optional.empty());
        }
    }

    /** Somebody else answered in the server's place. */
    record Intercepted(String message) implements Failure {
        @Override
        public String reason() {
            return "intercepted";
        }
    }

    /** The server does not like this request; it may like its neighbours. */
    record Refused(String message) implements Failure {
        @Override
        public String reason() {
            return "refused";
        }
    }
}
