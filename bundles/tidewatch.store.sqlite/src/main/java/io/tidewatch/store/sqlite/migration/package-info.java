/** Migration of databases of the original agent and of earlier versions. */
@NullMarked
package io.tidewatch.store.sqlite.migration;

import org.jspecify.annotations.NullMarked;
