/** tidewatch migrate: the configuration of the original agent becomes .cfg files. */
@NullMarked
package io.tidewatch.command.migrate;

import org.jspecify.annotations.NullMarked;
