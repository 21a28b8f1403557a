package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;

/**
 * When a server says that it was started.
 *
 * @param second {@code vm_app_start_timestamp}: seconds since the epoch by the server's clock; tells one run of a server
 *     from another
 * @param uptime how long ago that was, by the server's clock
 */
record ServerStart(long second, Duration uptime) {}
