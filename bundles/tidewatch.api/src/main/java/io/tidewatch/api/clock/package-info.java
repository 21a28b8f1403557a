/** The clock of the device: moments that stay right when it is set, and whether it can be believed. */
@Export
@Version("1.1.0")
@NullMarked
package io.tidewatch.api.clock;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
