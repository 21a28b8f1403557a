package io.tidewatch.store.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What a {@link WorkloadProcess} said of its operations before it ended.
 *
 * @param begun the last operation that it began; -1 if there is none
 * @param done the last operation that it finished; -1 if there is none
 */
record Journal(int begun, int done) {
    /** Reads the whole lines of a journal, which need not exist. */
    static Journal read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return new Journal(-1, -1);
        }
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        return new Journal(last(whole, WorkloadProcess.BEGUN), last(whole, WorkloadProcess.DONE));
    }

    private static int last(String lines, char what) {
        // The start of the text if there is no such line, or only that one.
        int start = lines.lastIndexOf("\n" + what + " ") + 1;
        boolean found = lines.startsWith(what + " ", start);
        return found ? Integer.parseInt(lines.substring(start + 2, lines.indexOf('\n', start))) : -1;
    }
}
