package io.tidewatch.collector.modem;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often modems were connected again: after a pass in which they were not connected, or with another bearer or a younger
 * connection than when they were seen before. A modem that was plugged in again has another bearer. Several between two passes count as
 * one. Not safe for use by several threads.
 */
final class Reconnects {
    /** Modems that are remembered; the one that was seen first goes first. */
    private static final int MOST = 64;

    /**
     * The connection of a modem.
     *
     * @param bearer path of the bearer; null without one
     * @param age in seconds; empty if unknown
     */
    record Connection(@Nullable String bearer, OptionalDouble age) {
        static final Connection UNKNOWN = new Connection(null, OptionalDouble.empty());

        boolean isNewAfter(Connection before) {
            boolean other = bearer != null && before.bearer != null && !bearer.equals(before.bearer);
            boolean younger = age.isPresent() && before.age.isPresent() && age.getAsDouble() < before.age.getAsDouble();
            return other || younger;
        }

        /** What is unknown now is as it was: a connection that has just begun has no age yet. */
        Connection since(Connection before) {
            return new Connection(bearer == null ? before.bearer : bearer, age.isPresent() ? age : before.age);
        }
    }

    private static final class History {
        private @Nullable Connection newest;
        private boolean connected;
        private int reconnects;
    }

    private final Map<ModemId, History> histories = new LinkedHashMap<>();

    /**
     * Notes what a pass saw of a modem.
     *
     * @return how often it was connected again since it was first seen
     */
    int note(ModemId id, boolean connected, Connection now) {
        History history = histories.computeIfAbsent(id, added -> new History());
        if (connected) {
            Connection before = history.newest;
            if (before == null) {
                history.newest = now;
            } else if (!history.connected || now.isNewAfter(before)) {
                history.reconnects++;
                history.newest = now;
            } else {
                history.newest = now.since(before);
            }
        }
        history.connected = connected;
        if (histories.size() > MOST) {
            histories.remove(histories.keySet().iterator().next());
        }
        return history.reconnects;
    }
}
