/** CPU usage from /proc/stat. */
@NullMarked
package io.tidewatch.collector.cpu;

import org.jspecify.annotations.NullMarked;
