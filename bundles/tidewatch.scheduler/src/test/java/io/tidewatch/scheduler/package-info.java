/** Tests of the scheduler. */
@NullMarked
package io.tidewatch.scheduler;

import org.jspecify.annotations.NullMarked;
