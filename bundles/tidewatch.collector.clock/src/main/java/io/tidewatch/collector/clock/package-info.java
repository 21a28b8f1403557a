/** Synchronization of the clock by way of adjtimex. */
@NullMarked
package io.tidewatch.collector.clock;

import org.jspecify.annotations.NullMarked;
