package io.tidewatch.device;

import io.tidewatch.api.device.Device;
import java.util.SortedMap;

/**
 * A device as configured.
 *
 * @param id id of the device
 * @param labels further labels, unmodifiable
 */
record ConfiguredDevice(String id, SortedMap<String, String> labels) implements Device {}
