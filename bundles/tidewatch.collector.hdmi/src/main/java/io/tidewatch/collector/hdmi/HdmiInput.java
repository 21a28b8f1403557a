package io.tidewatch.collector.hdmi;

import java.nio.file.Path;

/**
 * An HDMI input.
 *
 * @param name of its driver, with a suffix if there are several; the same across boots, other than the number of its device
 * @param device its file in /dev
 * @param listed whether the kernel lists the device, as far as its path says; if not, no right is missing
 */
record HdmiInput(String name, Path device, boolean listed) {}
