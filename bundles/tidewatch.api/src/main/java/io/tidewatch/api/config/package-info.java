/** How a component reads what an operator wrote: durations, sizes, numbers, with errors that name the place. */
@Export
@Version("1.8.0")
@NullMarked
package io.tidewatch.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
