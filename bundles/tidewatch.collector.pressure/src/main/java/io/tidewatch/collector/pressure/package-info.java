/** Pressure stall information from /proc/pressure. */
@NullMarked
package io.tidewatch.collector.pressure;

import org.jspecify.annotations.NullMarked;
