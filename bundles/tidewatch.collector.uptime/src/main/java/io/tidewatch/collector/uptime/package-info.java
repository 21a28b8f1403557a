/** Time since boot and time of boot, from /proc/uptime and /proc/stat. */
@NullMarked
package io.tidewatch.collector.uptime;

import org.jspecify.annotations.NullMarked;
