package io.tidewatch.testing.config;

import io.tidewatch.testing.collector.RealMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What may be in the place of a file that an agent reads, and is none: reading some of them never ends. */
public enum OddFile {
    PIPE("it is a pipe, a socket or a device"),
    ENDLESS("it is a pipe, a socket or a device"),
    FOLDER("it is a folder"),
    LINK_TO_NOTHING("it is a link to a file that does not exist"),
    LINK_TO_ITSELF("too many levels of symbolic links");

    private final String reason;

    OddFile(String reason) {
        this.reason = reason;
    }

    /** Returns what an operator is told. */
    public String reason() {
        return reason;
    }

    /** Makes one where nothing is, which its owner alone may read; returns the path. */
    public Path make(Path path) throws IOException, InterruptedException {
        switch (this) {
            case PIPE -> RealMachine.run("mkfifo", "-m", "600", path.toString());
            case ENDLESS -> Files.createSymbolicLink(path, Path.of("/dev/zero"));
            case FOLDER ->
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            case LINK_TO_NOTHING -> Files.createSymbolicLink(path, path.resolveSibling("nothing"));
            case LINK_TO_ITSELF -> Files.createSymbolicLink(path, path.getFileName());
        }
        return path;
    }
}
