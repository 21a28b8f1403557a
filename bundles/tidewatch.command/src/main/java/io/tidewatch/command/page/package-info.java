/** tidewatch page. */
@NullMarked
package io.tidewatch.command.page;

import org.jspecify.annotations.NullMarked;
