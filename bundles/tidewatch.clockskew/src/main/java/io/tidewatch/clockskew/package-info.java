/** Compares the clock of the device with that of a server. */
@NullMarked
package io.tidewatch.clockskew;

import org.jspecify.annotations.NullMarked;
