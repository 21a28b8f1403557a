package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A section of the original's configuration. Whatever is asked for is read as the original does; what was not asked for in
 * the end, it does not know. A value of the wrong kind is a mistake of the plan and counts as missing.
 */
final class OriginalSection {
    private static final Set<String> TRUE = Set.of("true", "y", "yes", "on");
    private static final Set<String> FALSE = Set.of("false", "n", "no", "off");
    private static final int LONGEST_SHOWN = 60;

    /** Parts of the names of keys with secret values. */
    private static final List<String> SECRETIVE = List.of("token", "password", "secret", "auth", "credential");

    private final String path;
    private final List<YamlNode.Entry> rest;
    private final MigrationPlan plan;

    /**
     * A value.
     *
     * @param origin its key, such as {@code remote.url}
     */
    record Text(String origin, int line, String text) {}

    /**
     * Yes or no.
     *
     * @param origin its key
     */
    record Flag(String origin, int line, boolean yes) {}

    /**
     * A whole number.
     *
     * @param origin its key
     */
    record Count(String origin, int line, int number) {}

    /**
     * A time above zero.
     *
     * @param origin its key
     * @param text as written
     */
    record Time(String origin, int line, String text, Duration duration) {}

    /**
     * A section.
     *
     * @param path in front of its keys: empty, or with a dot at its end
     */
    OriginalSection(String path, List<YamlNode.Entry> entries, MigrationPlan plan) {
        this.path = path;
        this.rest = new ArrayList<>(entries);
        this.plan = plan;
    }

    /** A section within; an empty one if it is not there. */
    OriginalSection section(String key) {
        Optional<YamlNode.Entry> entry = take(key);
        List<YamlNode.Entry> entries = List.of();
        if (entry.isPresent() && !isNothing(entry.get().value())) {
            if (entry.get().value() instanceof YamlNode.Mapping mapping) {
                entries = mapping.entries();
            } else {
                wrong(entry.get(), "a section with keys of its own");
            }
        }
        return new OriginalSection(path + key + ".", entries, plan);
    }

    /** Whether nothing is in it. */
    boolean isEmpty() {
        return rest.isEmpty();
    }

    /** A list, with its key; nothing if it is not there. */
    Optional<YamlNode.Entry> list(String key) {
        Optional<YamlNode.Entry> entry = take(key).filter(taken -> !isNothing(taken.value()));
        if (entry.isPresent() && !(entry.get().value() instanceof YamlNode.Items)) {
            wrong(entry.get(), "a list, each item with '- ' in front");
            return Optional.empty();
        }
        return entry;
    }

    /** A text; an empty one counts as missing, as it does there. */
    Optional<Text> text(String key) {
        Optional<YamlNode.Entry> entry = take(key);
        Optional<YamlNode.Scalar> scalar = entry.flatMap(taken -> scalar(taken, "a text"));
        if (scalar.isEmpty() || scalar.get().isNothing() || scalar.get().text().isEmpty()) {
            return Optional.empty();
        }
        String text = scalar.get().text();
        if (text.chars().anyMatch(Character::isISOControl)) {
            wrong(entry.orElseThrow(), "a text of one line");
            return Optional.empty();
        }
        return Optional.of(new Text(path + key, entry.orElseThrow().line(), text));
    }

    /** Yes or no. */
    Optional<Flag> flag(String key) {
        Optional<YamlNode.Entry> entry = take(key);
        Optional<YamlNode.Scalar> scalar = entry.flatMap(taken -> scalar(taken, "true or false"));
        if (scalar.isEmpty() || scalar.get().isNothing()) {
            return Optional.empty();
        }
        String text = scalar.get().text().toLowerCase(Locale.ROOT);
        if (!scalar.get().plain() || !(TRUE.contains(text) || FALSE.contains(text))) {
            wrong(entry.orElseThrow(), "true or false, without quotes");
            return Optional.empty();
        }
        return Optional.of(new Flag(path + key, entry.orElseThrow().line(), TRUE.contains(text)));
    }

    /** A whole number above zero; others count as missing, as they do there. */
    Optional<Count> positive(String key) {
        Optional<Count> number = number(key);
        if (number.isPresent() && number.get().number() <= 0) {
            plan.remark(
                    number.get().line(),
                    path + key + ": the original takes " + number.get().number() + " for not set, and so it is here");
            return Optional.empty();
        }
        return number;
    }

    /** A whole number. */
    Optional<Count> number(String key) {
        Optional<YamlNode.Entry> entry = take(key);
        Optional<YamlNode.Scalar> scalar = entry.flatMap(taken -> scalar(taken, "a whole number"));
        if (scalar.isEmpty() || scalar.get().isNothing()) {
            return Optional.empty();
        }
        OptionalInt number = scalar.get().plain() ? whole(scalar.get().text()) : OptionalInt.empty();
        if (number.isEmpty()) {
            wrong(entry.orElseThrow(), "a whole number, without quotes and unit");
            return Optional.empty();
        }
        return Optional.of(new Count(path + key, entry.orElseThrow().line(), number.getAsInt()));
    }

    /** A number with a fraction, as text. */
    Optional<Text> decimal(String key) {
        Optional<YamlNode.Entry> entry = take(key);
        Optional<YamlNode.Scalar> scalar = entry.flatMap(taken -> scalar(taken, "a number"));
        if (scalar.isEmpty() || scalar.get().isNothing()) {
            return Optional.empty();
        }
        if (!scalar.get().plain() || !scalar.get().text().matches("[-+]?\\d{1,9}(\\.\\d{0,9})?")) {
            wrong(entry.orElseThrow(), "a number, without quotes and unit");
            return Optional.empty();
        }
        return Optional.of(
                new Text(path + key, entry.orElseThrow().line(), scalar.get().text()));
    }

    /** A time above zero. */
    Optional<Time> time(String key) {
        Optional<Text> text = text(key);
        Optional<Duration> duration = text.flatMap(written -> GoDuration.parse(written.text()));
        if (text.isPresent()
                && (duration.isEmpty()
                        || duration.get().isZero()
                        || duration.get().isNegative())) {
            plan.mistake(
                    text.get().line(),
                    path + key + " is '" + shown(key, text.get().text())
                            + "'; accepted: a time above zero with its unit, such as 30s, 5m, 1h30m");
            return Optional.empty();
        }
        return duration.map(time -> new Time(
                path + key, text.orElseThrow().line(), text.orElseThrow().text(), time));
    }

    /** Reports the keys that were not asked for. */
    void finish() {
        for (YamlNode.Entry entry : rest) {
            tell(path + entry.key(), entry);
        }
    }

    private void tell(String key, YamlNode.Entry entry) {
        Optional<String> advice = UnreadKeys.advice(key);
        if (advice.isEmpty() && entry.value() instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(inner -> tell(key + "." + inner.key(), inner));
            return;
        }
        plan.remark(
                entry.line(),
                DisplayText.plain(key) + ": the original does not read it either; "
                        + advice.orElse("there is nothing like it here"));
    }

    private Optional<YamlNode.Entry> take(String key) {
        for (YamlNode.Entry entry : rest) {
            if (entry.key().equals(key)) {
                rest.remove(entry);
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private Optional<YamlNode.Scalar> scalar(YamlNode.Entry entry, String accepted) {
        if (entry.value() instanceof YamlNode.Scalar scalar) {
            return Optional.of(scalar);
        }
        wrong(entry, accepted);
        return Optional.empty();
    }

    private void wrong(YamlNode.Entry entry, String accepted) {
        String found = entry.value() instanceof YamlNode.Scalar scalar
                ? "'" + shown(entry.key(), scalar.text()) + "'"
                : entry.value() instanceof YamlNode.Items ? "a list" : "a section";
        plan.mistake(entry.line(), path + entry.key() + " is " + found + "; accepted: " + accepted);
    }

    private static String shown(String key, String value) {
        if (SECRETIVE.stream().anyMatch(key::contains)) {
            return "…";
        }
        String plain = DisplayText.plain(UploadSection.withoutPassword(value));
        return plain.length() > LONGEST_SHOWN ? plain.substring(0, LONGEST_SHOWN) + "…" : plain;
    }

    private static boolean isNothing(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNothing();
    }

    private static OptionalInt whole(String text) {
        try {
            return OptionalInt.of(new BigDecimal(text.replace("_", "")).intValueExact());
        } catch (NumberFormatException | ArithmeticException e) {
            return OptionalInt.empty();
        }
    }
}
