/** {@code tidewatch profile}. */
@NullMarked
package io.tidewatch.command.profile;

import org.jspecify.annotations.NullMarked;
