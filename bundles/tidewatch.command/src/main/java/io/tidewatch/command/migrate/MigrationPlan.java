package io.tidewatch.command.migrate;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What becomes of the configuration of the original agent. Not safe for use by several threads. */
final class MigrationPlan {
    /**
     * A value of one of our files.
     *
     * @param value as the file has it, escaped
     * @param shown the value without secrets
     * @param origin the key of the original, such as {@code remote.url}
     * @param line of the original; 0: it has none
     */
    record Value(String key, String value, String shown, String origin, int line) {}

    /**
     * Something to be read by a person.
     *
     * @param line of the original; 0: it is about none
     */
    record Remark(int line, String text) {}

    /** What a value means, for the comparison with the default. */
    enum Meaning {
        /** The text itself, in any case. */
        TEXT,
        /** A time. */
        DURATION,
        /** Bytes. */
        SIZE;

        private boolean same(String one, String other) {
            try {
                return switch (this) {
                    case TEXT -> one.strip().equalsIgnoreCase(other.strip());
                    case DURATION -> Setting.durationOrZero("", one).equals(Setting.durationOrZero("", other));
                    case SIZE -> Setting.size("", one) == Setting.size("", other);
                };
            } catch (InvalidSettingException e) {
                return one.equals(other);
            }
        }
    }

    private final Map<String, List<Value>> files = new TreeMap<>();
    private final List<Remark> asDefault = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final List<Remark> mistakes = new ArrayList<>();
    private @Nullable String token;
    private boolean secretUrl;
    private String database = "";

    /** A value that is written unless it is the default of the sample. */
    void set(String pid, String key, String value, Meaning meaning, OriginalSection.Found<?> found) {
        if (CfgSample.of(pid)
                .defaultOf(key)
                .filter(known -> meaning.same(known, value))
                .isPresent()) {
            leaveDefault(found);
        } else {
            write(pid, key, value, value, found);
        }
    }

    /** A value for which the default of the agent stands. */
    void leaveDefault(OriginalSection.Found<?> found) {
        asDefault.add(new Remark(found.line(), found.origin()));
    }

    /**
     * A value that is written in any case.
     *
     * @param shown without secrets
     */
    void write(String pid, String key, String value, String shown, OriginalSection.Found<?> found) {
        refer(pid, new Value(key, CfgSample.escaped(value), shown, found.origin(), found.line()));
        if (value.contains("${")) {
            remark(
                    found.line(),
                    found.origin()
                            + ": the original takes ${…} as it is written, and so it stays, as $${…}; for a variable of the"
                            + " environment write ${env:NAME} as " + key + " in " + pid + ".cfg");
        }
    }

    /** A value that is written as it is, placeholders included. */
    void refer(String pid, Value value) {
        files.computeIfAbsent(pid, name -> new ArrayList<>()).add(value);
    }

    /** A time, as a .cfg has it. */
    void setDuration(String pid, String key, OriginalSection.Found<OriginalSection.Time> found) {
        Duration duration = found.value().duration();
        if (duration.toNanos() % 1_000_000 != 0) {
            remark(found.line(), found.origin() + ": rounded up to whole milliseconds");
        }
        set(pid, key, GoDuration.asSetting(found.value().text(), duration), Meaning.DURATION, found);
    }

    /** The bearer token, which goes into a file of its own. */
    void keepToken(String secret) {
        token = secret;
    }

    /** The URL holds a password, so its file is kept from other users. */
    void keepUrlSecret() {
        secretUrl = true;
    }

    /** Where the original has its database. */
    void databaseIs(String path) {
        database = path;
    }

    /** Something that the operator should know. */
    void remark(int line, String text) {
        remarks.add(new Remark(line, text));
    }

    /** Something for which nothing is written at all. */
    void mistake(int line, String text) {
        mistakes.add(new Remark(line, text));
    }

    /** Values by PID. */
    Map<String, List<Value>> files() {
        return files;
    }

    /** Keys of the original whose values are our defaults. */
    List<Remark> asDefault() {
        return inOrder(asDefault);
    }

    /** What to know, in the order of the original. */
    List<Remark> remarks() {
        return inOrder(remarks);
    }

    /** Why nothing is written, in the order of the original; none: all can be. */
    List<Remark> mistakes() {
        return inOrder(mistakes);
    }

    /** The bearer token. */
    Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /** Whether a file of a PID is secret. */
    boolean isSecret(String pid) {
        return secretUrl && pid.equals(UploadSection.PID);
    }

    /** Where the original has its database, as it wrote it or as it was found; empty: unknown. */
    String database() {
        return database;
    }

    private static List<Remark> inOrder(List<Remark> some) {
        List<Remark> sorted = new ArrayList<>(some);
        sorted.sort(Comparator.comparingInt(remark -> remark.line() == 0 ? Integer.MAX_VALUE : remark.line()));
        return sorted;
    }
}
