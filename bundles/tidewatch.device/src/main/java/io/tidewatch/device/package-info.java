/** Names the device: its id and labels. */
@NullMarked
package io.tidewatch.device;

import org.jspecify.annotations.NullMarked;
