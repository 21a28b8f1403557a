package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What became of one request. */
sealed interface Answer {
    /** The reason of a failure: no answer in time, or no connection. */
    String TIMEOUT = "timeout";

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

        /** Whether it may be the network of the device, so that another one helps. */
        default boolean ofNetwork() {
            return false;
        }

        /** Whether it is files of this device that cannot be used: nothing was sent, and nothing helps but to mend them. */
        default boolean ofFiles() {
            return false;
        }

        /** How long the server asks to be left alone. */
        default Optional<Duration> retryAfter() {
            return Optional.empty();
        }
    }

    /** May succeed later, the same as it is. */
    record Retry(String reason, String message, Optional<Duration> retryAfter) implements Failure {
        private static final Set<String> OF_NETWORK =
                Set.of("connect", "network", "no_route", TIMEOUT, "tls", "unknown_host");

        private static final Set<String> OF_FILES = Set.of("exposed_secret", "tls_file", "token_file");

        Retry(String reason, String message) {
            this(reason, message, Optional.empty());
        }

        @Override
        public boolean ofNetwork() {
            return OF_NETWORK.contains(reason);
        }

        @Override
        public boolean ofFiles() {
            return OF_FILES.contains(reason);
        }
    }

    /** Somebody else answered in the server's place. */
    record Intercepted(String message) implements Failure {
        @Override
        public String reason() {
            return "intercepted";
        }

        @Override
        public boolean ofNetwork() {
            return true;
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
