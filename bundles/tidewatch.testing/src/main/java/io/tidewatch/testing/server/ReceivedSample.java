package io.tidewatch.testing.server;

/**
 * One sample as a server got it.
 *
 * @param series its series in exposition form, {@code name{label="value",…}}: labels sorted by name, {@code \}, {@code "}
 *     and line feeds in values escaped with a backslash; the plain name if there are no labels
 * @param timestamp milliseconds since the epoch
 * @param value its number, finite
 */
public record ReceivedSample(String series, long timestamp, double value) {}
