/** Installs the jars of the deploy folder while the agent runs, and reports what each is used for. */
@NullMarked
package io.tidewatch.deploy;

import org.jspecify.annotations.NullMarked;
