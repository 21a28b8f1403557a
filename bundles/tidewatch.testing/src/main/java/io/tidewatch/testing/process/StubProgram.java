package io.tidewatch.testing.process;

import java.io.IOException;
import java.nio.file.Path;

/** Scripts in the place of programs that collectors run. Each notes its arguments, see {@link Scripts#calls}. */
public enum StubProgram {
    /**
     * A script in the place of mmcli, the program of ModemManager. It prints files of its folder: {@code list.json} for {@code -L -J}, and
     * {@code modem-N.json}, {@code signal-N.json} and {@code bearer-N.json} for object N; without such a file it ends as mmcli does without
     * such an object. A script {@code modem-N.sh} and the like misbehaves in its place; {@code any.sh} does so for all calls.
     */
    MMCLI(
            "mmcli",
            "cd \"${0%/*}\"",
            "echo \"$*\" >>calls",
            "case \"$*\" in",
            "\"-L -J\") name=list ;;",
            "\"-m \"*\" --signal-get -J\") name=signal-${2##*/} ;;",
            "\"-m \"*\" -J\") name=modem-${2##*/} what=modem ;;",
            "\"-b \"*\" -J\") name=bearer-${2##*/} what=bearer ;;",
            "*) echo \"error: unexpected arguments $*\" >&2; exit 2 ;;",
            "esac",
            "[ -f any.sh ] && exec sh any.sh",
            "[ -f \"$name.sh\" ] && exec sh \"$name.sh\"",
            "[ -f \"$name.json\" ] && exec cat \"$name.json\"",
            "[ -n \"$what\" ] || { echo \"error: modem has no extended signal capabilities\" >&2; exit 1; }",
            "[ \"$what\" = bearer ] && why=\": 'not found in any modem'\"",
            "echo \"error: couldn't find $what at '$2'$why\" >&2",
            "exit 1"),

    /**
     * A script in the place of v4l2-ctl of v4l-utils. It prints files of its folder: {@code DEVICE.power} for the control
     * power_present and {@code DEVICE.timings} for the timings of a signal, with the last part of the path of the device. Without the
     * first it knows no such control, without the second it ends as v4l2-ctl does at the error in {@code DEVICE.error}. A script {@code
     * DEVICE.power.sh} or {@code DEVICE.timings.sh} misbehaves in its place.
     */
    V4L2_CTL(
            "v4l2-ctl",
            "cd \"${0%/*}\"",
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
            "exit 255");

    private final String name;
    private final String script;

    StubProgram(String name, String... lines) {
        this.name = name;
        script = String.join("\n", lines);
    }

    /** Writes the script into the folder with its files, and returns its path. */
    public Path install(Path folder) throws IOException {
        return new Scripts(folder).write(name, script);
    }
}
