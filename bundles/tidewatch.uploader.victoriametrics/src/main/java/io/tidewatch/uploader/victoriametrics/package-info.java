/** Delivers pending samples to VictoriaMetrics. */
@NullMarked
package io.tidewatch.uploader.victoriametrics;

import org.jspecify.annotations.NullMarked;
