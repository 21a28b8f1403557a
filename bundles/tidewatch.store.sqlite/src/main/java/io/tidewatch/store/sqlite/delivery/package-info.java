/** What is handed out, and what becomes of it. */
@NullMarked
package io.tidewatch.store.sqlite.delivery;

import org.jspecify.annotations.NullMarked;
