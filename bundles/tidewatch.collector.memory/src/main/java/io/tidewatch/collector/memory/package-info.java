/** Memory and swap from /proc/meminfo. */
@NullMarked
package io.tidewatch.collector.memory;

import org.jspecify.annotations.NullMarked;
