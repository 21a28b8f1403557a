/** The rows of the store: series, layouts, passes, what is delivered, sessions. */
@NullMarked
package io.tidewatch.store.sqlite.tables;

import org.jspecify.annotations.NullMarked;
