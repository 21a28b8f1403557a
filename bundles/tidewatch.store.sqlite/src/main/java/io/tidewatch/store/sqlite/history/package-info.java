/** Reading what is kept, from the agent or beside it. */
@NullMarked
package io.tidewatch.store.sqlite.history;

import org.jspecify.annotations.NullMarked;
