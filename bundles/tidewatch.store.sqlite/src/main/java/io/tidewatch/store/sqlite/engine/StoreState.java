package io.tidewatch.store.sqlite.engine;

import io.tidewatch.store.sqlite.db.WriteAheadLog;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * More than {@link io.tidewatch.api.store.StoreStatus} has room for.
 *
 * @param clamped timestamps replaced by the present since the start
 * @param walObstacle what keeps the log from being truncated; null if nothing does
 * @param syncFailure why the log cannot be forced to the disk; null if it can
 * @param evictionFailure why the store cannot be kept within its bounds; null if it can
 * @param diskShortage that the file system has less room than it shall keep; null if it has enough
 * @param backgroundFailures how often background work failed by a bug
 * @param refused samples refused for their number of series since the start, by metric
 * @param offender the metric of which most samples are refused; null if none is
 * @param evicted samples evicted since the start, by reason
 * @param losing whether samples that were never delivered were evicted recently
 * @param locked whether the database is locked against other programs now
 * @param restarts how many runs of the agent there were before this one
 * @param versions versions of its tables that the file went through, the newest first
 */
public record StoreState(
        long clamped,
        boolean walOverLimit,
        @Nullable String walObstacle,
        @Nullable String syncFailure,
        @Nullable String evictionFailure,
        @Nullable String diskShortage,
        long backgroundFailures,
        Map<String, Long> refused,
        @Nullable String offender,
        Map<String, Long> evicted,
        boolean losing,
        WriteAheadLog.Checkpoints checkpoints,
        boolean locked,
        long restarts,
        List<Integer> versions) {}
