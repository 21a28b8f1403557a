/** Notifies systemd when the agent is ready, alive and stopping. */
@NullMarked
package io.tidewatch.systemd;

import org.jspecify.annotations.NullMarked;
