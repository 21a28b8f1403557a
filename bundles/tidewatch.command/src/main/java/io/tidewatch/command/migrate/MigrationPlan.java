package io.tidewatch.command.migrate;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.command.agent.FileBatch.NewFile;
import io.tidewatch.command.migrate.OriginalSection.Found;
import io.tidewatch.command.migrate.OriginalSection.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the configuration of the original agent is migrated. Not safe for use by several threads. */
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

    /** @param line of the original; 0: it is about none */
    record Remark(int line, String text) {}

    /** What a value means, for the comparison with the default. */
    enum Meaning {
        /** The text itself, in any case. */
        TEXT,
        DURATION,
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

    private static final Pattern LOCATED = Pattern.compile("([^:]+)\\.cfg:(\\d+): (.*)");

    /** By PID. */
    final Map<String, List<Value>> files = new TreeMap<>();

    private final List<Remark> asDefault = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final List<Remark> mistakes = new ArrayList<>();

    /** The bearer token, which goes into a file of its own. */
    @Nullable
    String token;

    /** Whether the URL holds a password, so that its file is kept from other users. */
    boolean secretUrl;

    /** Where the original has its database, as it wrote it or as it was found; empty: unknown. */
    String database = "";

    /** A value that is written unless it is the default of the sample. */
    void set(String pid, String key, String value, Meaning meaning, Found<?> found) {
        Optional<String> known = CfgSample.of(pid).defaultOf(key);
        if (known.isPresent() && meaning.same(known.get(), value)) {
            leaveDefault(found);
        } else {
            write(pid, key, value, value, found);
        }
    }

    /** The same for a value that is compared and written as its text. */
    void set(String pid, String key, Found<?> found) {
        set(pid, key, String.valueOf(found.value()), Meaning.TEXT, found);
    }

    void leaveDefault(Found<?> found) {
        asDefault.add(new Remark(found.line(), found.origin()));
    }

    /** A value that is written in any case, and shown without secrets. */
    void write(String pid, String key, String value, String shown, Found<?> found) {
        refer(pid, new Value(key, CfgSample.escaped(value), shown, found.origin(), found.line()));
        if (value.contains("${")) {
            remark(
                    found,
                    found.origin()
                            + ": the original takes ${…} as it is written, and so it stays, as $${…}; for a variable of the"
                            + " environment write ${env:NAME} as " + key + " in " + pid + ".cfg");
        }
    }

    /** A value that is written as it is, placeholders included. */
    void refer(String pid, Value value) {
        files.computeIfAbsent(pid, name -> new ArrayList<>()).add(value);
    }

    void setDuration(String pid, String key, Found<Time> found) {
        Duration duration = found.value().duration();
        if (duration.toNanos() % 1_000_000 != 0) {
            remark(found, found.origin() + ": rounded up to whole milliseconds");
        }
        set(pid, key, GoDuration.asSetting(found.value().text(), duration), Meaning.DURATION, found);
    }

    void remark(int line, String text) {
        remarks.add(new Remark(line, text));
    }

    void remark(Found<?> found, String text) {
        remark(found.line(), text);
    }

    /** Something for which nothing is written at all. */
    void mistake(int line, String text) {
        mistakes.add(new Remark(line, text));
    }

    void mistake(Found<?> found, String text) {
        mistake(found.line(), text);
    }

    /** Keys of the original whose values are our defaults. */
    List<Remark> asDefault() {
        return inOrder(asDefault);
    }

    List<Remark> remarks() {
        return inOrder(remarks);
    }

    /** Why nothing is written, in the order of the original; none: all can be. */
    List<Remark> mistakes() {
        return inOrder(mistakes);
    }

    boolean isSecret(String pid) {
        return secretUrl && pid.equals(UploadSection.PID);
    }

    /**
     * What the check of the agent says of a line, said of the line of the original that it was made of.
     *
     * @param complaint {@code <file>[:<line>]: <what is wrong>}
     */
    Remark ofOriginal(String complaint, List<NewFile> written) {
        Matcher located = LOCATED.matcher(complaint);
        if (located.matches()) {
            String pid = located.group(1);
            int line = Integer.parseInt(located.group(2));
            for (NewFile file : written) {
                if (!file.name().equals(pid + ".cfg") || line > file.content().size()) {
                    continue;
                }
                for (Value value : files.getOrDefault(pid, List.of())) {
                    if (file.content().get(line - 1).startsWith(value.key() + " =")) {
                        return new Remark(value.line(), value.origin() + ", for " + pid + ".cfg: " + located.group(3));
                    }
                }
            }
        }
        return new Remark(0, complaint);
    }

    private static List<Remark> inOrder(List<Remark> some) {
        List<Remark> sorted = new ArrayList<>(some);
        sorted.sort(Comparator.comparingInt(remark -> remark.line() == 0 ? Integer.MAX_VALUE : remark.line()));
        return sorted;
    }
}
