/** The contract of a store as a test suite, and a store that is a list. */
@NullMarked
package io.tidewatch.testing.store;

import org.jspecify.annotations.NullMarked;
