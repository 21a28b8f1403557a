/** Why deliveries fail, and how that is worded. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.failure;

import org.jspecify.annotations.NullMarked;
