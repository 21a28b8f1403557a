/** Whether the server was restarted, and what it may have lost. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.restart;

import org.jspecify.annotations.NullMarked;
