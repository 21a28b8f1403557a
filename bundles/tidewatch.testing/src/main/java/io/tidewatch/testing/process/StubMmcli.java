package io.tidewatch.testing.process;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A script in the place of mmcli, the program of ModemManager. It prints files of its folder: {@code list.json} for {@code -L -J}, and
 * {@code modem-N.json}, {@code signal-N.json} and {@code bearer-N.json} for object N; without such a file it ends as mmcli does without
 * such an object. A script {@code modem-N.sh} and the like misbehaves in its place; {@code any.sh} does so for all calls.
 */
public final class StubMmcli {
    private static final String[] SCRIPT = {
        "cd \"$(dirname \"$0\")\"",
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
        "exit 1"
    };

    private StubMmcli() {}

    public static Path install(Path folder) throws IOException {
        return new Scripts(folder).write("mmcli", SCRIPT);
    }
}
