/** JMH benchmarks of the hot paths; the README says how to run them. */
@NullMarked
package io.tidewatch.benchmarks;

import org.jspecify.annotations.NullMarked;
