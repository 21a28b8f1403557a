/** The contract of a store, which keeps samples until they are delivered. */
@Export
@Version("1.3.0")
@NullMarked
package io.tidewatch.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
