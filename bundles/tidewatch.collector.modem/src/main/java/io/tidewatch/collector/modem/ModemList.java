package io.tidewatch.collector.modem;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.process.NoAnswerException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The D-Bus paths of all modems, as {@code mmcli -L -J} prints them: {@code {"modem-list":["/org/freedesktop/ModemManager1/Modem/0"]}}.
 * Kept for some passes, as it changes only when a modem comes or goes. After one went it is asked for at every pass for a while, as most
 * modems come back.
 */
final class ModemList {
    /** Passes until a modem that was plugged in is found. */
    static final int PASSES = 6;

    /** Passes until a modem that went is no longer expected back. */
    static final int PATIENCE = 20;

    private static final String KEY = "modem-list";
    private static final Pattern PATH = Pattern.compile("/org/freedesktop/ModemManager1/Modem/[0-9]{1,9}");

    private final JsonTree tree = new JsonTree(List.of(JsonPath.ofFields(KEY).then(new JsonPath.Each())));
    private List<String> paths = List.of();
    private int passesLeft;
    private int expected;
    private int patience;

    List<String> paths() {
        return paths;
    }

    /** Begins a pass: renews the list if it is empty, old, or a modem is missing, and returns whether it did. */
    boolean beginPass(Mmcli mmcli, Diagnostics diagnostics) throws NoAnswerException, InterruptedException {
        boolean due = paths.isEmpty() || paths.size() < expected || passesLeft == 0;
        if (due) {
            renew(mmcli, diagnostics);
        }
        passesLeft--;
        return due;
    }

    void renew(Mmcli mmcli, Diagnostics diagnostics) throws NoAnswerException, InterruptedException {
        paths = List.of();
        Document document = new Document(mmcli.ask(tree, "-L"), "list of modems", diagnostics);
        document.has(KEY);
        paths = document.texts(KEY).stream()
                .filter(path -> {
                    boolean good = PATH.matcher(path).matches();
                    if (!good) {
                        diagnostics.damaged(KEY, "the list of modems has an entry that is no path of a modem");
                    }
                    return good;
                })
                .distinct()
                .toList();
        passesLeft = PASSES;
        patience--;
        if (paths.size() >= expected || patience == 0) {
            expected = paths.size();
            patience = PATIENCE;
        }
    }
}
