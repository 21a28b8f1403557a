/** Times of samples: which clock they are of, and how they are moved when it is set. */
@NullMarked
package io.tidewatch.store.sqlite.clock;

import org.jspecify.annotations.NullMarked;
