package io.tidewatch.collector.cpu;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The {@code cpu} lines of {@code /proc/stat}: ticks since boot, by row. Row 0 is the aggregate line, row n+1 is core n.
 * Reading again reuses the array.
 *
 * <p>Source: kernel documentation, filesystems/proc.rst, section 1.7: {@code user nice system idle iowait irq softirq
 * steal guest guest_nice}. Guest time is contained in user and is not added again; fields that an old kernel does not
 * have count as 0.
 */
final class CpuTimes {
    /** The row of the aggregate line. */
    static final int ALL = 0;

    /** Fields of a row, without those of guests. */
    static final int FIELDS = 8;

    static final int IDLE = 3;
    static final int IOWAIT = 4;
    static final int STEAL = 7;

    /** More cores than any kernel is built for (CONFIG_NR_CPUS_RANGE_END): a larger number is a damaged file. */
    private static final int MAX_CORES = 8192;

    private static final String CPU = "cpu";
    private static final int FIRST_ROWS = 9;
    private static final int REQUIRED_FIELDS = 4;

    private final BitSet present = new BitSet();
    private long[] ticks = new long[FIRST_ROWS * FIELDS];
    private byte[] counts = new byte[FIRST_ROWS];

    /** Takes the times of a text, forgetting the ones before; throws if not one row can be read. */
    void read(Fields fields, Diagnostics diagnostics) throws ProcFormatException {
        present.clear();
        boolean damaged = false;
        while (fields.nextLine()) {
            try {
                readLine(fields);
            } catch (ProcFormatException e) {
                diagnostics.damaged("line " + fields.lineNumber(), e);
                damaged = true;
            }
        }
        if (present.isEmpty()) {
            throw fields.missing("line 'cpu' that can be read");
        }
        if (!isPresent(ALL) && !damaged) {
            diagnostics.damaged(CPU, fields.missing("line 'cpu'"));
        }
    }

    /** One more than the highest row that was read. */
    int rows() {
        return present.length();
    }

    /** Whether the row was in the text and could be read; cores can be offline. */
    boolean isPresent(int row) {
        return present.get(row);
    }

    /** Ticks of a field; 0 for an absent row. */
    long ticks(int row, int field) {
        return isPresent(row) ? ticks[row * FIELDS + field] : 0;
    }

    /** How many fields the row has, those of guests not counted; 0 for an absent row. */
    int fields(int row) {
        return isPresent(row) ? counts[row] : 0;
    }

    private void readLine(Fields fields) throws ProcFormatException {
        if (fields.skip(CPU)) {
            readTicks(fields, ALL);
        } else if (fields.startsWith(CPU)) {
            readTicks(fields, row(fields));
        } else if (!fields.startsWithLetter()) {
            throw fields.error("a line that begins with a word");
        }
    }

    private static int row(Fields fields) throws ProcFormatException {
        String name = fields.word();
        try {
            int core = Integer.parseInt(name, CPU.length(), name.length(), 10);
            if (core >= 0 && core < MAX_CORES) {
                return core + 1;
            }
        } catch (NumberFormatException e) {
            throw (ProcFormatException) fields.rejected("the number of a core").initCause(e);
        }
        throw fields.rejected("a core below " + MAX_CORES);
    }

    private void readTicks(Fields fields, int row) throws ProcFormatException {
        growTo(row + 1);
        int begin = row * FIELDS;
        Arrays.fill(ticks, begin, begin + FIELDS, 0);
        long sum = 0;
        int field = 0;
        for (; field < FIELDS && (field < REQUIRED_FIELDS || fields.hasNext()); field++) {
            long number = fields.number();
            if (number > Long.MAX_VALUE - 1 - sum) {
                throw fields.rejected("ticks whose sum is below 2^63");
            }
            sum += number;
            ticks[begin + field] = number;
        }
        counts[row] = (byte) field;
        present.set(row);
    }

    private void growTo(int rows) {
        if (rows * FIELDS > ticks.length) {
            int length = Math.max(rows, counts.length * 2);
            ticks = Arrays.copyOf(ticks, length * FIELDS);
            counts = Arrays.copyOf(counts, length);
        }
    }
}
