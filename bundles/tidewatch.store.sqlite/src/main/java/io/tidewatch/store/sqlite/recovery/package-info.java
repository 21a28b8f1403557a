/** Recovery: finds damage and saves the rows that can be read. */
@NullMarked
package io.tidewatch.store.sqlite.recovery;

import org.jspecify.annotations.NullMarked;
