/** Parser of the Prometheus text format 0.0.4 and of OpenMetrics 1.0. */
@Export
@Version("1.0.0")
@NullMarked
package io.tidewatch.exposition;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
