package io.tidewatch.uploader.victoriametrics;

import org.jspecify.annotations.Nullable;

/**
 * An answer as it came over the wire.
 *
 * @param status HTTP status
 * @param contentType header Content-Type
 * @param location header Location
 * @param retryAfter header Retry-After
 * @param date header Date
 * @param text beginning of the body
 */
record Reply(
        int status,
        @Nullable String contentType,
        @Nullable String location,
        @Nullable String retryAfter,
        @Nullable String date,
        String text) {}
