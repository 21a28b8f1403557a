/** Lets other programs read a database that its store has locked. */
@NullMarked
package io.tidewatch.store.sqlite.readers;

import org.jspecify.annotations.NullMarked;
