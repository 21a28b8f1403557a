package io.tidewatch.collector.memory;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;

/**
 * The line {@code oom_kill 3} of {@code /proc/vmstat}: processes that the kernel has killed since boot as memory had run
 * out, of the machine or of a cgroup.
 *
 * <p>Source: Linux, mm/vmstat.c: a name and a number per line, whose order and set differ by kernel; {@code oom_kill}
 * since 4.13.
 */
final class VmStat {
    private VmStat() {}

    /** {@link MemInfo#ABSENT} if the kernel does not count, or the number is damaged. */
    static long oomKills(Fields fields, Diagnostics diagnostics) {
        while (fields.nextLine()) {
            try {
                if (fields.skip("oom_kill")) {
                    return fields.number("processes killed");
                }
                if (!fields.startsWithLetter()) {
                    throw fields.error("a name and a number");
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged("vmstat line " + fields.lineNumber(), e);
            }
        }
        return MemInfo.ABSENT;
    }
}
