/** Where samples are kept until they are delivered, and the contract of whoever keeps them. */
@Export
@Version("1.1.0")
@NullMarked
package io.tidewatch.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
