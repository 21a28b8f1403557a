package io.tidewatch.collector.exec;

/** What a command prints. */
enum OutputFormat {
    /** A page in the text format of Prometheus. */
    PROMETHEUS,
    /** One number. */
    VALUE,
    /** One JSON document. */
    JSON
}
