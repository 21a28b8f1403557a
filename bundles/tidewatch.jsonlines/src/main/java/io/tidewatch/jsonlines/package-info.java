/** Samples as JSON lines that VictoriaMetrics imports, and the rules that it keeps without telling. */
@Export
@Version("1.0.0")
@NullMarked
package io.tidewatch.jsonlines;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
