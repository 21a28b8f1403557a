/** Clock steps: which clock a time is of, and how samples are moved. */
@NullMarked
package io.tidewatch.store.sqlite.clock;

import org.jspecify.annotations.NullMarked;
