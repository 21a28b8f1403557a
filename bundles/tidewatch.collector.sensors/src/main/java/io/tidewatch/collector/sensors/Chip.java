package io.tidewatch.collector.sensors;

import java.util.List;

/**
 * A chip with sensors.
 *
 * @param name as its driver calls it: {@code k10temp}
 * @param device what it is or sits on, the same after each boot: {@code 0000:00:18.3}, {@code 1-0040}, {@code nvme0}
 * @param channels its sensors
 */
record Chip(String name, String device, List<Channel> channels) {
    /** The chip with at most so many of its sensors. */
    Chip first(int most) {
        return new Chip(name, device, channels.subList(0, Math.min(channels.size(), most)));
    }
}
