package io.tidewatch.collector.mmc;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.regex.Pattern;

/**
 * The codes by which an eMMC reports its wear, {@code 0x01 0x02} in {@code life_time} and {@code 0x01} in
 * {@code pre_eol_info}.
 *
 * <p>Source: kernel documentation, ABI/testing/sysfs-bus-mmc and driver-api/mmc/mmc-dev-attrs.rst; the codes are those of
 * JEDEC eMMC 5.0, DEVICE_LIFE_TIME_EST_TYP_A, its TYP_B, and PRE_EOL_INFO. {@code 0x00} stands for not defined, as from
 * every eMMC before 5.0; codes above the highest are reserved.
 */
final class Wear {
    /** The device does not define the value. */
    static final int ABSENT = -1;

    private static final Pattern CODE = Pattern.compile("0x[0-9a-fA-F]{1,2}");

    /** The device exceeded its estimated life. */
    private static final int EXCEEDED = 0x0B;

    private Wear() {}

    /** Code n is the step from 10 (n - 1) to 10 n percent: 0 to 100 in tens, or {@link #ABSENT}. */
    static int lifeUsedPercent(Fields fields) throws ProcFormatException {
        int code = code(fields, EXCEEDED, "a step of life time from 0x00 to 0x0b");
        return code == ABSENT ? ABSENT : (code - 1) * 10;
    }

    /** Returns 1 for normal, 2 for warning (80 % of them are used), 3 for urgent, or {@link #ABSENT}. */
    static int reserveState(Fields fields) throws ProcFormatException {
        return code(fields, 0x03, "a state of reserved blocks from 0x00 to 0x03");
    }

    private static int code(Fields fields, int highest, String expected) throws ProcFormatException {
        String field = fields.word();
        int code = CODE.matcher(field).matches() ? Integer.decode(field) : -1;
        if (code < 0 || code > highest) {
            throw fields.rejected(expected);
        }
        return code == 0 ? ABSENT : code;
    }
}
