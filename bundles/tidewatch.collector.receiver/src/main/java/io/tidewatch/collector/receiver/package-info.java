/** Statistics of receivers of SRT streams. */
@NullMarked
package io.tidewatch.collector.receiver;

import org.jspecify.annotations.NullMarked;
