/** The configuration as it was read, and foreign text as messages quote it. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.settings;

import org.jspecify.annotations.NullMarked;
