/** Reads the text files of /proc and /sys under configurable roots, without garbage. */
@Export
@Version("1.2.0")
@NullMarked
package io.tidewatch.procfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
