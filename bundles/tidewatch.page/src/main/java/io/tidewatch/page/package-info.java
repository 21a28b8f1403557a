/** The page of a device and the HTTP API behind it. */
@NullMarked
package io.tidewatch.page;

import org.jspecify.annotations.NullMarked;
