/** How the agent logs: a fragment of the logging library, which {@code lib/logging/appenders.xml} names. */
@NullMarked
package io.tidewatch.logging;

import org.jspecify.annotations.NullMarked;
