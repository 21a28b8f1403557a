/** The status of a component, as it reports it. */
@Export
@Version("1.3.0")
@NullMarked
package io.tidewatch.api.health;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
