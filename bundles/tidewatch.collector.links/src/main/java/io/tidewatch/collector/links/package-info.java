/** The links that a bonding sender sends a stream over. */
@NullMarked
package io.tidewatch.collector.links;

import org.jspecify.annotations.NullMarked;
