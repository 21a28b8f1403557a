/** Samples as JSON lines in requests of limited size. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.encoding;

import org.jspecify.annotations.NullMarked;
