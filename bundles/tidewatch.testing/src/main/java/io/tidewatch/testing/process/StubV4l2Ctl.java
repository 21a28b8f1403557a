package io.tidewatch.testing.process;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A script in the place of v4l2-ctl of v4l-utils. It prints files of its folder: {@code DEVICE.power} for the control
 * power_present and {@code DEVICE.timings} for the timings of a signal, with the last part of the path of the device. Without the
 * first it knows no such control, without the second it ends as v4l2-ctl does at the error in {@code DEVICE.error}. A script {@code
 * DEVICE.power.sh} or {@code DEVICE.timings.sh} misbehaves in its place.
 */
public final class StubV4l2Ctl {
    private static final String[] SCRIPT = {
        "cd \"$(dirname \"$0\")\"",
        "echo \"$*\" >>calls",
        "case \"$*\" in",
        "\"-d \"*\" --get-ctrl=power_present\") what=${2##*/}.power ;;",
        "\"-d \"*\" --query-dv-timings\") what=${2##*/}.timings ;;",
        "*) echo \"v4l2-ctl: unrecognized option '$*'\" >&2; exit 1 ;;",
        "esac",
        "[ -f \"$what.sh\" ] && exec sh \"$what.sh\"",
        "[ -f \"$what\" ] && exec cat \"$what\"",
        "[ \"${what##*.}\" = power ] && { echo \"unknown control 'power_present'\" >&2; exit 1; }",
        "echo \"VIDIOC_QUERY_DV_TIMINGS: failed: $(cat \"${what%.timings}.error\")\" >&2",
        "exit 255"
    };

    private StubV4l2Ctl() {}

    public static Path install(Path folder) throws IOException {
        return new Scripts(folder).write("v4l2-ctl", SCRIPT);
    }
}
