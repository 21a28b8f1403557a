/** Configurations for tests, and their documents checked against the code. */
@NullMarked
package io.tidewatch.testing.config;

import org.jspecify.annotations.NullMarked;
