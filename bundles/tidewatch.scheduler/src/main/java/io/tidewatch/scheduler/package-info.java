/** Runs collectors on time, labels their samples, hands them to the store. */
@NullMarked
package io.tidewatch.scheduler;

import org.jspecify.annotations.NullMarked;
