/** The configuration as it was read, and what all rooms share of time and text. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.settings;

import org.jspecify.annotations.NullMarked;
