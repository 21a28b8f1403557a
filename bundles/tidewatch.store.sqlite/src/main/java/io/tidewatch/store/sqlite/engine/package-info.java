/** The store on one connection with one lock. */
@NullMarked
package io.tidewatch.store.sqlite.engine;

import org.jspecify.annotations.NullMarked;
