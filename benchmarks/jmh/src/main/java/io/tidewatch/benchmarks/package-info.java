/** What the parts of the agent cost in time and memory. */
@NullMarked
package io.tidewatch.benchmarks;

import org.jspecify.annotations.NullMarked;
