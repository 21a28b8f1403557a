/** Answers over HTTP that wait for their readers without a thread. */
@Export
@Version("1.0.0")
@NullMarked
package io.tidewatch.health.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
