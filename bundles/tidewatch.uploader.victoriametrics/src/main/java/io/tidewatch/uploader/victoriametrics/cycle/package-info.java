/** The upload cycle: live samples first, then the backlog, chunk by chunk; and the search for bad samples. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.cycle;

import org.jspecify.annotations.NullMarked;
