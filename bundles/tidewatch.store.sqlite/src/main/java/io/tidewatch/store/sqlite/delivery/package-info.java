/** Deliveries: which passes are pending, which one is in flight, and how its outcome is written. */
@NullMarked
package io.tidewatch.store.sqlite.delivery;

import org.jspecify.annotations.NullMarked;
