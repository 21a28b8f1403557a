package io.tidewatch.device;

import io.tidewatch.api.device.Device;
import java.util.SortedMap;

/** @param labels further labels, unmodifiable */
record ConfiguredDevice(String id, SortedMap<String, String> labels) implements Device {}
