/** The wanted part of a JSON document, read in bounded memory. */
@Export
@Version("1.1.0")
@NullMarked
package io.tidewatch.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
