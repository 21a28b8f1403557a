package io.tidewatch.collector.cgroup;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;

/**
 * Where the two versions of cgroups keep the same values, as paths below {@code /sys/fs/cgroup}.
 *
 * <p>Source: kernel documentation, admin-guide/cgroup-v2.rst, admin-guide/cgroup-v1/memory.rst and scheduler/sched-bwc.rst.
 *
 * @param memoryLimit bytes, or {@code max}
 * @param memoryUsed bytes
 * @param memoryEvents has a row {@code oom_kill}
 * @param cpuQuota microseconds of processor time per period, of version 2 with the period after it; {@code max} or -1
 *     without a limit
 * @param cpuPeriod microseconds
 * @param cpuStatistics has rows {@code nr_periods}, {@code nr_throttled} and {@code throttledTime}
 * @param throttledTime name of that row
 * @param throttledTimeUnit how many of it are a second
 */
record CgroupVersion(
        String memoryLimit,
        String memoryUsed,
        String memoryEvents,
        String cpuQuota,
        String cpuPeriod,
        String cpuStatistics,
        String throttledTime,
        double throttledTimeUnit) {
    /** Every cgroup of version 2 has it, and nothing of version 1. */
    static final String MARK_OF_TWO = "cgroup.controllers";

    static final CgroupVersion TWO = new CgroupVersion(
            "memory.max", "memory.current", "memory.events", "cpu.max", "cpu.max", "cpu.stat", "throttled_usec", 1e6);

    static final CgroupVersion ONE = new CgroupVersion(
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.oom_control",
            "cpu/cpu.cfs_quota_us",
            "cpu/cpu.cfs_period_us",
            "cpu/cpu.stat",
            "throttled_time",
            1e9);

    /** The microseconds of a period, above 0, from a line of {@link #cpuPeriod}. */
    double period(Fields fields) throws ProcFormatException {
        if (cpuPeriod.equals(cpuQuota)) {
            fields.skipField();
        }
        return CgroupFile.positive(fields);
    }
}
