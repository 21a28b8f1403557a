/** Tests of what happens inside a running agent when bundles and configurations come, change and go. */
@NullMarked
package io.tidewatch.itest;

import org.jspecify.annotations.NullMarked;
