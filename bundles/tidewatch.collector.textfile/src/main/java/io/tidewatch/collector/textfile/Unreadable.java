package io.tidewatch.collector.textfile;

import io.tidewatch.api.config.FileFailure;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file or folder cannot be read, and what to do, as sentences for an operator. */
final class Unreadable {
    private Unreadable() {}

    static String file(Path file, IOException failure) {
        return failed(file, failure) + (FileFailure.isPermission(failure) ? allow("chmod a+r") : "");
    }

    static String folder(Path folder, IOException failure) {
        if (FileFailure.isPermission(failure)) {
            return failed(folder, failure) + allow("chmod a+rx");
        }
        String create = failure instanceof NoSuchFileException ? "create it, or " : "";
        return failed(folder, failure) + "; " + create + "correct the key folder";
    }

    private static String failed(Path path, IOException failure) {
        return path + " cannot be read (" + FileFailure.reason(failure) + ")";
    }

    private static String allow(String command) {
        return "; let the user that the agent runs as, " + System.getProperty("user.name") + ", read it: " + command;
    }
}
