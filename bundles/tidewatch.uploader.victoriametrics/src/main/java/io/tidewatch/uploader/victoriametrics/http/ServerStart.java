package io.tidewatch.uploader.victoriametrics.http;

import java.time.Duration;

/**
 * A server's start, as it reports it.
 *
 * @param second {@code vm_app_start_timestamp}: seconds since the epoch by the server's clock; differs between two runs of
 *     a server
 * @param uptime time since then, by the server's clock
 * @param storageErrors {@code vm_rpc_connection_errors_total} of vminsert, summed: connections to storage nodes that broke;
 *     0 for other servers
 */
public record ServerStart(long second, Duration uptime, long storageErrors) {}
