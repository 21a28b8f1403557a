/** The collectors of a machine whose system OSHI knows, for systems without /proc. */
@NullMarked
package io.tidewatch.collector.oshi;

import org.jspecify.annotations.NullMarked;
