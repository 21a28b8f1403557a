/** Network interface counters from /proc/net/dev. */
@NullMarked
package io.tidewatch.collector.network;

import org.jspecify.annotations.NullMarked;
