/** TCP counters from /proc/net/snmp. */
@NullMarked
package io.tidewatch.collector.tcp;

import org.jspecify.annotations.NullMarked;
