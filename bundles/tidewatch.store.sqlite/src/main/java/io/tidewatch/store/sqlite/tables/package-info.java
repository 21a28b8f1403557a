/** The tables of the store: series, layouts, passes, delivered ranges, sessions, notes. */
@NullMarked
package io.tidewatch.store.sqlite.tables;

import org.jspecify.annotations.NullMarked;
