/** Graduated health over HTTP. */
@NullMarked
package io.tidewatch.health;

import org.jspecify.annotations.NullMarked;
