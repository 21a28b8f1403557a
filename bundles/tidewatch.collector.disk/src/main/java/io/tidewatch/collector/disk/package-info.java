/** Disk operations from /proc/diskstats. */
@NullMarked
package io.tidewatch.collector.disk;

import org.jspecify.annotations.NullMarked;
