/** {@code tidewatch try}: passes of one collector in the foreground, in a framework of its own. */
@NullMarked
package io.tidewatch.command.trial;

import org.jspecify.annotations.NullMarked;
