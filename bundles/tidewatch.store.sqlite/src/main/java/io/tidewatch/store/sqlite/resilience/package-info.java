/** A store that keeps samples in memory while the disk fails, and repairs or replaces its database. */
@NullMarked
package io.tidewatch.store.sqlite.resilience;

import org.jspecify.annotations.NullMarked;
