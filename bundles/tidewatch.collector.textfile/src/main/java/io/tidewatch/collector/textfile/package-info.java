/** Metrics that other programs write into files, in the Prometheus text format. */
@NullMarked
package io.tidewatch.collector.textfile;

import org.jspecify.annotations.NullMarked;
