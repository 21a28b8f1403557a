/** A store that outlives its disk. */
@NullMarked
package io.tidewatch.store.sqlite.resilience;

import org.jspecify.annotations.NullMarked;
