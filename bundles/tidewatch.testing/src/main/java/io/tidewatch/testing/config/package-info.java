/** The documents of a configuration, checked against the code. */
@NullMarked
package io.tidewatch.testing.config;

import org.jspecify.annotations.NullMarked;
