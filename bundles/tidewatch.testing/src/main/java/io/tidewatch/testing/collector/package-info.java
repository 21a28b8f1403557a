/** The contract of a collector as a test suite, and trees of fixture files. */
@NullMarked
package io.tidewatch.testing.collector;

import org.jspecify.annotations.NullMarked;
