/** Clocks and waits. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.timing;

import org.jspecify.annotations.NullMarked;
