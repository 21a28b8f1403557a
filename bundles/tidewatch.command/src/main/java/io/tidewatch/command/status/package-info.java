/** tidewatch status. */
@NullMarked
package io.tidewatch.command.status;

import org.jspecify.annotations.NullMarked;
