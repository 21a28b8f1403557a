/** The main program: one instance, start, orderly stop, exit codes. */
@NullMarked
package io.tidewatch.launcher;

import org.jspecify.annotations.NullMarked;
