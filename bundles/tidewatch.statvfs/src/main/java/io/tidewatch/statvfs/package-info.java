/** Free inodes by way of statvfs(3). */
@NullMarked
package io.tidewatch.statvfs;

import org.jspecify.annotations.NullMarked;
