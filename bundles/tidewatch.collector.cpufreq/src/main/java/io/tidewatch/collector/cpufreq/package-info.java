/** Core frequencies and cooling devices from sysfs. */
@NullMarked
package io.tidewatch.collector.cpufreq;

import org.jspecify.annotations.NullMarked;
