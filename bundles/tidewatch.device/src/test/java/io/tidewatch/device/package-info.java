/** Tests of the device's identity. */
@NullMarked
package io.tidewatch.device;

import org.jspecify.annotations.NullMarked;
