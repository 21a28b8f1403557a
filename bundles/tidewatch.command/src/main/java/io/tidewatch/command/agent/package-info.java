/** The agent that is asked: its folders, pages and answers; and what a command is. */
@NullMarked
package io.tidewatch.command.agent;

import org.jspecify.annotations.NullMarked;
