/** Tokens, and files that others may read. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.secrets;

import org.jspecify.annotations.NullMarked;
