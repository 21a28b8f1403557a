/** Sensors of hwmon and iio, and power supplies, from sysfs. */
@NullMarked
package io.tidewatch.collector.sensors;

import org.jspecify.annotations.NullMarked;
