/** Space, free inodes and read-only state of the mounted file systems. */
@NullMarked
package io.tidewatch.collector.filesystem;

import org.jspecify.annotations.NullMarked;
