/** Metrics that a command prints. */
@NullMarked
package io.tidewatch.collector.exec;

import org.jspecify.annotations.NullMarked;
