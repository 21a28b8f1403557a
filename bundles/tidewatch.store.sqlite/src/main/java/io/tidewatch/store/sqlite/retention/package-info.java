/** Retention: eviction by age, size and free space. */
@NullMarked
package io.tidewatch.store.sqlite.retention;

import org.jspecify.annotations.NullMarked;
