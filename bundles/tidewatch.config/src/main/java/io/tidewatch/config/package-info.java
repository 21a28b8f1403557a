/** Guards the configuration: reads the .cfg files, validates them, puts into force what can be used. */
@NullMarked
package io.tidewatch.config;

import org.jspecify.annotations.NullMarked;
