/** Open files of the whole system: the example to copy for a collector of your own. */
@NullMarked
package io.tidewatch.example.filehandles;

import org.jspecify.annotations.NullMarked;
