/** Output, exit codes and formats that all commands share. */
@NullMarked
package io.tidewatch.command.console;

import org.jspecify.annotations.NullMarked;
