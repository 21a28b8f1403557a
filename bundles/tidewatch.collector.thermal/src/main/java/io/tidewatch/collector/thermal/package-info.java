/** Temperatures from /sys/class/thermal. */
@NullMarked
package io.tidewatch.collector.thermal;

import org.jspecify.annotations.NullMarked;
