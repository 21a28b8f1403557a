/** Limits of a container from its cgroup. */
@NullMarked
package io.tidewatch.collector.cgroup;

import org.jspecify.annotations.NullMarked;
