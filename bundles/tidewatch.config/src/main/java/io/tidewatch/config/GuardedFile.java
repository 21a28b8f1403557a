package io.tidewatch.config;

import io.tidewatch.config.Verdict.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A .cfg file that is there, and what its last examination found. Guarded by the {@link ConfigurationGuard}. */
final class GuardedFile {
    final Path path;
    final PidOfFile pid;

    /** Whether a configuration without a mistake is in force. */
    boolean everGood;

    /** Whether it could be read. */
    boolean readable = true;

    /** Whether it has a value but nothing that it is for. */
    boolean unclaimed;

    /** Since when, in monotonic nanoseconds. */
    long unclaimedSince;

    List<Problem> problems = List.of();
    Set<String> secrets = Set.of();
    String secretStamp = "";

    GuardedFile(Path path) {
        this.path = path;
        this.pid = PidOfFile.parse(path.getFileName().toString());
    }

    String name() {
        return path.getFileName().toString();
    }

    /** What is in force in place of the values that were refused. */
    String consequence() {
        return everGood ? ". Still using the last good configuration" : ". Using the default instead";
    }
}
