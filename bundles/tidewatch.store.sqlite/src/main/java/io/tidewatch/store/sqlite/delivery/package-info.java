/** The one lock of a store, its transactions, and deliveries: which passes are pending, in flight, done. */
@NullMarked
package io.tidewatch.store.sqlite.delivery;

import org.jspecify.annotations.NullMarked;
