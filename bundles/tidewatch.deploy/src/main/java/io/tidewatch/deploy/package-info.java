/** Tells what became of each jar in the deploy folder. */
@NullMarked
package io.tidewatch.deploy;

import org.jspecify.annotations.NullMarked;
