/** Runs commands of others with a deadline, and kills all of their processes. */
@Export
@Version("1.1.0")
@NullMarked
package io.tidewatch.process;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
