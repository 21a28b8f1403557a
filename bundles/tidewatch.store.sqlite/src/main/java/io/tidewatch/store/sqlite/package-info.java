/** Keeps every sample until it is delivered, and a history after that. */
@NullMarked
package io.tidewatch.store.sqlite;

import org.jspecify.annotations.NullMarked;
