package io.tidewatch.config;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Validates a file by what is known of its PID. The same for a running agent and for {@code --check}. */
final class Validator {
    private static final int LONGEST_SHOWN = 200;

    private final CfgFile file;
    private final String pid;
    private final Placeholders placeholders;
    private final Optional<KnownKeys> known;
    private final List<ContainedCheck> checks;

    private final Map<String, CfgFile.Line> lines = new HashMap<>();
    private final Map<String, Placeholders.Resolved> resolved = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> secrets = new LinkedHashSet<>();
    private final List<Verdict.Problem> problems = new ArrayList<>();

    private Validator(CfgFile file, String pid, Catalogue catalogue, Placeholders placeholders) {
        this.file = file;
        this.pid = pid;
        this.placeholders = placeholders;
        this.known = catalogue.keys(pid);
        this.checks = catalogue.checks(pid);
    }

    /** @param catalogue is not built for a file of comments, as most are */
    static Verdict validate(CfgFile file, String pid, Supplier<Catalogue> catalogue, Placeholders placeholders) {
        return file.isEmpty() ? Verdict.EMPTY : new Validator(file, pid, catalogue.get(), placeholders).verdict();
    }

    private Verdict verdict() {
        file.flaws().forEach(flaw -> problem(flaw.line(), flaw.text(), flaw.refused()));
        file.lines().forEach(this::take);
        lines.values().forEach(this::resolve);
        check();
        problems.sort(Comparator.comparingInt(Verdict.Problem::line));
        return new Verdict(values, problems, secrets);
    }

    private void take(CfgFile.Line line) {
        CfgFile.Line before = lines.put(line.key(), line);
        if (before != null) {
            problem(
                    line.number(),
                    line.key() + " is there a second time and counts; delete line " + before.number() + " or this one",
                    false);
        }
    }

    private void resolve(CfgFile.Line line) {
        if (known.filter(keys -> !keys.knows(line.key())).isPresent() || isReserved(line.key())) {
            problem(line.number(), unknown(line.key()), false);
            return;
        }
        secrets.addAll(Placeholders.secretsIn(line.value()));
        try {
            Placeholders.Resolved text = placeholders.resolve(line.value(), isSecret(line.key()));
            resolved.put(line.key(), text);
            values.put(line.key(), text.text());
        } catch (UnresolvedException e) {
            String shown = isSecret(line.key()) ? onlyPlaceholders(line.value()) : line.value();
            refused(line.number(), line.key(), shown, e.accepted());
        }
    }

    /** Runs the checks until none of them rejects a remaining value. */
    private void check() {
        Set<String> refused = new LinkedHashSet<>();
        boolean again = true;
        while (again) {
            again = false;
            for (ConfigurationCheck check : checks) {
                for (InvalidSettingException invalid : problemsBy(check)) {
                    if (refused.add(invalid.key())) {
                        refuse(invalid);
                        again |= values.remove(invalid.key()) != null;
                    }
                }
            }
        }
    }

    private List<InvalidSettingException> problemsBy(ConfigurationCheck check) {
        try {
            return check.problems(values);
        } catch (RuntimeException | LinkageError e) {
            problem(0, "its values are used unchecked, as " + e.getMessage(), false);
            return List.of();
        }
    }

    private void refuse(InvalidSettingException invalid) {
        CfgFile.Line line = lines.get(invalid.key());
        Placeholders.Resolved text = resolved.get(invalid.key());
        String shown = isSecret(invalid.key()) ? "…" : invalid.value();
        String accepted = invalid.accepted();
        if (line != null && text != null && !text.inserted().isEmpty()) {
            shown = isSecret(invalid.key()) ? onlyPlaceholders(line.value()) : line.value();
            // An explanation may quote the value.
            for (String piece : text.inserted()) {
                accepted = piece.isEmpty() ? accepted : accepted.replace(piece, "…");
            }
        }
        refused(line == null ? 0 : line.number(), invalid.key(), shown, accepted);
    }

    private void refused(int line, String key, String shown, String accepted) {
        String text = InvalidSettingException.message(key, cut(shown), accepted);
        problems.add(new Verdict.Problem(line, isSecret(key) ? null : key, printable(text), true));
    }

    private boolean isSecret(String key) {
        // A key that begins with a dot is kept out of service properties by Declarative Services.
        return key.startsWith(".")
                || known.filter(keys -> keys.secret().contains(key)).isPresent();
    }

    private boolean isReserved(String key) {
        return KnownKeys.isReserved(key)
                && known.filter(keys -> keys.all().contains(key)).isEmpty();
    }

    private String unknown(String key) {
        Set<String> accepted = known.map(KnownKeys::all).orElse(Set.of());
        return key + " is no key of " + pid + " and has no effect"
                + Nearest.of(key, accepted)
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse("")
                + " (expected "
                + (accepted.isEmpty() ? "other names" : String.join(", ", new TreeSet<>(accepted))) + ")";
    }

    private void problem(int line, String text, boolean refused) {
        problems.add(new Verdict.Problem(line, printable(text), refused));
    }

    /** Whatever stands around them may be part of a secret. */
    private static String onlyPlaceholders(String value) {
        int begin = value.indexOf("${");
        int end = value.indexOf('}', begin);
        if (begin < 0 || end < 0) {
            return "…";
        }
        return (begin > 0 ? "…" : "") + value.substring(begin, end + 1) + (end + 1 < value.length() ? "…" : "");
    }

    static String cut(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    }

    static String printable(String text) {
        return text.replaceAll("[\\x00-\\x1F\\x7F-\\x9F]", "?");
    }
}
