package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import java.util.Locale;

/** Why samples, or a whole pass, did not reach the store. The lower-case name is the reason in counters. */
enum Loss {
    /** The service could not be obtained: its component failed to activate, or it went. */
    NOT_ACTIVATED,
    /** The collector threw an exception. */
    EXCEPTION,
    /** The collector threw an error: a missing class, no memory, an endless recursion. */
    JVM_ERROR,
    /** The collector returned null, or a null among its samples or metrics. */
    INVALID_RESULT,
    /** The pass took longer than the collector's timeout. */
    TIMEOUT,
    /** The collector went, was replaced, or the scheduler stopped while the pass was under way. */
    REMOVED,
    /** A row, field or file of the source is damaged. */
    DAMAGED_SOURCE,
    /** The source has more than a limit of the configuration allows. */
    LIMITED,
    /** A sample has a time that is no time of a measurement. */
    IMPLAUSIBLE_TIME,
    /** A sample of a metric that the collector does not declare. */
    UNDECLARED_METRIC,
    /** Samples beyond the limit of one pass. */
    TOO_MANY_SAMPLES,
    /** No device was registered within the timeout. */
    DEVICE_UNAVAILABLE,
    /** No store was registered within the timeout. */
    STORE_UNAVAILABLE,
    /** The store refused the pass. */
    STORE_FAILED,
    /** The store did not answer in time. */
    STORE_TIMEOUT,
    /** The machine has no thread for the pass. */
    NO_THREAD;

    private final String reason = name().toLowerCase(Locale.ROOT);

    /** Why values are left out that a collector reports. */
    static Loss of(Diagnostic.Severity severity) {
        return severity == Diagnostic.Severity.LIMITED ? LIMITED : DAMAGED_SOURCE;
    }

    String reason() {
        return reason;
    }
}
