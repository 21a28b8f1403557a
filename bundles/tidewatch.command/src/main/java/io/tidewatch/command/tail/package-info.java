/** tidewatch tail. */
@NullMarked
package io.tidewatch.command.tail;

import org.jspecify.annotations.NullMarked;
