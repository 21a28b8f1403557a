/** Load averages, runnable and all threads, from /proc/loadavg. */
@NullMarked
package io.tidewatch.collector.load;

import org.jspecify.annotations.NullMarked;
