package io.tidewatch.config;

import io.tidewatch.config.Verdict.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A .cfg file that is there, and what its last examination found. Guarded by the {@link ConfigurationGuard}. */
final class GuardedFile {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationGuard.class);
    private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");

    Path path;
    final PidOfFile pid;

    /** Whether a configuration without a mistake is in force. */
    boolean everGood;

    /** The values in force, as written; null: unknown, since this bundle was updated. */
    @Nullable
    Map<String, String> inForce;

    /** Those of them that have an effect. */
    private Map<String, String> effective = Map.of();

    /** Whether values differ from those in force, the refused ones apart. */
    boolean othersDiffer;

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

    /** Notes problems, and logs those that are new. */
    void report(List<Problem> found) {
        Set<String> known = problems.stream().map(Problem::text).collect(Collectors.toSet());
        for (Problem problem : found) {
            if (known.contains(problem.text())) {
                continue;
            }
            if (problem.refused()) {
                LOG.error("{}{}", problem.in(name()), consequence(problem));
            } else {
                LOG.warn("{}", problem.in(name()));
            }
        }
        if (found.isEmpty() && !problems.isEmpty()) {
            LOG.info("{} is fixed", name());
        }
        problems = List.copyOf(found);
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

    /**
     * Notes the values that came into force, and returns what is different from those before: {@code interval 10s -> 5s}.
     *
     * @param effective keys that have an effect; of others nothing is returned
     * @param secret keys whose values are not shown
     */
    String changeTo(Map<String, String> written, Set<String> effective, Supplier<Set<String>> secret) {
        Map<String, String> before = this.effective;
        Map<String, String> now = new HashMap<>(written);
        now.keySet().retainAll(effective);
        inForce = written;
        this.effective = now;
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
        if (keys.isEmpty()) {
            return "";
        }
        Set<String> hidden = secret.get();
        return keys.stream()
                .map(key -> hidden.contains(key) || key.startsWith(".")
                        ? key + " changed"
                        : key + " " + shown(before.get(key)) + " -> " + shown(now.get(key)))
                .collect(Collectors.joining(", "));
    }

    private static String shown(@Nullable String value) {
        return value == null
                ? "default"
                : Validator.printable(Validator.cut(USER_INFO.matcher(value).replaceAll("//…@")));
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
        return ". Still using " + (value == null ? "the default" : Validator.printable(Validator.cut(value)))
                + (othersDiffer ? "; the other changes of the file wait until this is fixed" : "");
    }
}
