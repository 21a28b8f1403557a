/** What a collector implements: metrics, samples and the collector itself. */
@Export
@Version("1.5.0")
@NullMarked
package io.tidewatch.api.collector;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
