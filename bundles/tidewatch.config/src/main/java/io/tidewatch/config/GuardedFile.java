package io.tidewatch.config;

import io.tidewatch.config.Verdict.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A .cfg file that is there, and what its last examination found. Guarded by the {@link ConfigurationGuard}. */
final class GuardedFile {
    final Path path;
    final PidOfFile pid;

    /** Whether a configuration without a mistake is in force. */
    boolean everGood;

    /** The values in force, as written; null: not known, since this bundle was updated meanwhile. */
    @Nullable
    Map<String, String> inForce;

    /** Whether values differ from those in force, the refused ones apart. */
    boolean othersDiffer;

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

    /** Compares the file with the values in force. */
    void compare(Map<String, String> written, List<Problem> found) {
        Map<String, String> before = new HashMap<>(inForce == null ? Map.of() : inForce);
        Map<String, String> now = new HashMap<>(written);
        for (Problem problem : found) {
            before.remove(problem.key());
            now.remove(problem.key());
        }
        othersDiffer = !now.equals(before);
    }

    /** Returns the end of the sentence: what is in force in place of the refused value. */
    String consequence(Problem problem) {
        if (!everGood) {
            return ". Using the default instead";
        }
        if (problem.key() == null || inForce == null) {
            return ". Still using the last good configuration";
        }
        String value = inForce.get(problem.key());
        return ". Still using " + (value == null ? "the default" : Judge.printable(Judge.cut(value)))
                + (othersDiffer ? "; the other changes of the file wait until this is fixed" : "");
    }
}
