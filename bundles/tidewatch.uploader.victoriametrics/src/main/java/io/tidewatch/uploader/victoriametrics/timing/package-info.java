/** Clocks, waits and backoff. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.timing;

import org.jspecify.annotations.NullMarked;
