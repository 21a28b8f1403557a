/** The database file: connections, statements, its log, and what fails. */
@NullMarked
package io.tidewatch.store.sqlite.db;

import org.jspecify.annotations.NullMarked;
