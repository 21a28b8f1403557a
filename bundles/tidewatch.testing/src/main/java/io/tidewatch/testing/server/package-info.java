/** Servers that a test sends metrics to: the real VictoriaMetrics, and one that fails on request. */
@NullMarked
package io.tidewatch.testing.server;

import org.jspecify.annotations.NullMarked;
