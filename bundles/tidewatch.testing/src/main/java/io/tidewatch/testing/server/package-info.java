/** Servers that samples are delivered to: one that misbehaves on demand, and the real VictoriaMetrics. */
@NullMarked
package io.tidewatch.testing.server;

import org.jspecify.annotations.NullMarked;
