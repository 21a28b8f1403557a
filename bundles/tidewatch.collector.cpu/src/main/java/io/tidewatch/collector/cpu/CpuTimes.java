package io.tidewatch.collector.cpu;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.Arrays;

/**
 * The {@code cpu} lines of {@code /proc/stat}: ticks since boot, by row. Row 0 is the aggregate line, row n+1 is core n.
 * Reading again reuses the arrays.
 *
 * <p>Source: kernel documentation, filesystems/proc.rst, section 1.7: {@code user nice system idle iowait irq softirq
 * steal guest guest_nice}. Guest time is contained in user and is not added again; fields that an old kernel does not
 * have count as 0.
 */
final class CpuTimes {
    /** The row of the aggregate line. */
    static final int ALL = 0;

    /** More cores than any kernel is built for (CONFIG_NR_CPUS_RANGE_END): a larger number is a damaged file. */
    private static final int MAX_CORES = 8192;

    private static final int FIRST_ROWS = 9;
    private static final int REQUIRED_FIELDS = 4;
    private static final int IDLE_FIELD = 3;
    private static final int IOWAIT_FIELD = 4;
    private static final int GUEST_FIELD = 8;
    private static final long ABSENT = -1;

    private long[] total = new long[FIRST_ROWS];
    private long[] idle = new long[FIRST_ROWS];
    private long[] iowait = new long[FIRST_ROWS];
    private int rows;

    /**
     * Takes the times of a text, forgetting the ones before.
     *
     * @throws ProcFormatException if a cpu line is not as documented, or there is no aggregate line
     */
    void read(Fields fields) throws ProcFormatException {
        rows = 0;
        Arrays.fill(total, ABSENT);
        while (fields.nextLine()) {
            if (fields.startsWith("cpu")) {
                readLine(fields, row(fields));
            }
        }
        if (!isPresent(ALL)) {
            throw fields.error("a line 'cpu'");
        }
    }

    /** One more than the highest row that was read. */
    int rows() {
        return rows;
    }

    /** Whether the row was in the text; cores can be offline. */
    boolean isPresent(int row) {
        return row < rows && total[row] != ABSENT;
    }

    /** Ticks of any kind; 0 for an absent row. */
    long total(int row) {
        return isPresent(row) ? total[row] : 0;
    }

    /** Idle ticks; 0 for an absent row. */
    long idle(int row) {
        return isPresent(row) ? idle[row] : 0;
    }

    /** Ticks idle with a disk request open; 0 for an absent row. */
    long iowait(int row) {
        return isPresent(row) ? iowait[row] : 0;
    }

    /** The core's number as the kernel counts, as a text. */
    static String coreOf(int row) {
        return Integer.toString(row - 1);
    }

    private static int row(Fields fields) throws ProcFormatException {
        if (fields.skip("cpu")) {
            return ALL;
        }
        ProcFormatException malformed = null;
        String name = fields.word();
        try {
            int core = Integer.parseInt(name, "cpu".length(), name.length(), 10);
            if (core >= 0 && core < MAX_CORES) {
                return core + 1;
            }
        } catch (NumberFormatException e) {
            malformed = fields.error("a core's number in '" + name + "'");
            malformed.initCause(e);
        }
        throw malformed != null ? malformed : fields.error("a core below " + MAX_CORES + " in '" + name + "'");
    }

    private void readLine(Fields fields, int row) throws ProcFormatException {
        long sum = 0;
        long idleTicks = 0;
        long iowaitTicks = 0;
        for (int field = 0; field < GUEST_FIELD && (field < REQUIRED_FIELDS || fields.hasNext()); field++) {
            long ticks = fields.number();
            if (ticks > Long.MAX_VALUE - sum) {
                throw fields.error("ticks whose sum is below 2^63");
            }
            sum += ticks;
            if (field == IDLE_FIELD) {
                idleTicks = ticks;
            } else if (field == IOWAIT_FIELD) {
                iowaitTicks = ticks;
            }
        }
        growTo(row + 1);
        total[row] = sum;
        idle[row] = idleTicks;
        iowait[row] = iowaitTicks;
    }

    private void growTo(int wanted) {
        if (wanted > total.length) {
            int before = total.length;
            int length = Math.max(wanted, before * 2);
            total = Arrays.copyOf(total, length);
            Arrays.fill(total, before, length, ABSENT);
            idle = Arrays.copyOf(idle, length);
            iowait = Arrays.copyOf(iowait, length);
        }
        rows = Math.max(rows, wanted);
    }
}
