/** Load and frequency of GPU, NPU, video codecs and memory controller, from sysfs, procfs and debugfs. */
@NullMarked
package io.tidewatch.collector.accelerator;

import org.jspecify.annotations.NullMarked;
