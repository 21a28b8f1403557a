/** Scripts that tests run as commands. */
@NullMarked
package io.tidewatch.testing.process;

import org.jspecify.annotations.NullMarked;
