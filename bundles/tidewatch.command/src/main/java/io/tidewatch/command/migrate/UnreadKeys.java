package io.tidewatch.command.migrate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keys that stand in guides and configurations of the original although none of its versions reads them, with what does here
 * what their names promise.
 */
final class UnreadKeys {
    private static final Map<String, String> ADVICE = new HashMap<>();

    static {
        ADVICE.put("device.location", "for a label of every series write labels = location=… in tidewatch.device.cfg");
        ADVICE.put("device.tags", "for labels of every series write labels = name=value,… in tidewatch.device.cfg");
        ADVICE.put("storage.max_age", "history.retention and pending.retention in tidewatch.store.sqlite.cfg do that");
        ADVICE.put("storage.cleanup_interval", "this agent makes room as it goes");
        ADVICE.put("storage.max_size_mb", "max.size in tidewatch.store.sqlite.cfg does that");
        ADVICE.put("remote.timeout", "timeout in tidewatch.uploader.victoriametrics.cfg does that");
        ADVICE.put("remote.retry_attempts", "retry.max.attempts in tidewatch.uploader.victoriametrics.cfg does that");
        ADVICE.put("remote.retry_delay", "retry.initial.backoff in tidewatch.uploader.victoriametrics.cfg does that");
        ADVICE.put("collectors", "each collector has a tidewatch.collector.<name>.cfg, and is on without one");
        ADVICE.put("network", "include and exclude in tidewatch.collector.network.cfg do that");
        ADVICE.put("health", "address in tidewatch.health.cfg says where health is served, /health/ready and all");
        ADVICE.put("logging.output", "the log goes to standard output, under systemd to the journal");
    }

    private UnreadKeys() {}

    /** What to do instead of a key, or of all that begin with it; nothing if that is not known. */
    static Optional<String> advice(String key) {
        return Optional.ofNullable(ADVICE.get(key));
    }
}
