/** Damage: how it is found, and what is saved. */
@NullMarked
package io.tidewatch.store.sqlite.recovery;

import org.jspecify.annotations.NullMarked;
