/** Wear of eMMC from sysfs. */
@NullMarked
package io.tidewatch.collector.mmc;

import org.jspecify.annotations.NullMarked;
