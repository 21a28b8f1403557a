/** Reading stored samples, in the agent or in another process. */
@NullMarked
package io.tidewatch.store.sqlite.history;

import org.jspecify.annotations.NullMarked;
