/** Who this device is. */
@Export
@Version("1.0.0")
@NullMarked
package io.tidewatch.api.device;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
