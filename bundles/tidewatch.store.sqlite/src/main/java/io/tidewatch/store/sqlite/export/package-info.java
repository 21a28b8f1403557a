/** The programs that copy a database, or samples of it, into a file. */
@NullMarked
package io.tidewatch.store.sqlite.export;

import org.jspecify.annotations.NullMarked;
