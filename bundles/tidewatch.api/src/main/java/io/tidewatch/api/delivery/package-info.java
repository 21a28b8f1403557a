/** Where samples are delivered to, for components that talk to the same server. */
@Export
@Version("1.0.0")
@NullMarked
package io.tidewatch.api.delivery;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
