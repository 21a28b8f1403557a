/** What an operator asks on the command line, beside a running agent or without one. */
@NullMarked
package io.tidewatch.command;

import org.jspecify.annotations.NullMarked;
