package io.tidewatch.scheduler;

import io.tidewatch.api.collector.RecentDurations;
import java.util.SortedMap;

/** The metrics of the scheduler itself. As a service it is found by the collector of this bundle. */
interface SchedulerSelf {
    /**
     * @param collected samples that the store has committed since the scheduler started
     * @param failed samples lost; a pass that failed before it had any counts as one
     * @param durations how long its passes took; it goes on
     */
    record Figures(long collected, long failed, RecentDurations durations) {}

    /** The figures of every collector that there has been, by its name. */
    SortedMap<String, Figures> figures();
}
