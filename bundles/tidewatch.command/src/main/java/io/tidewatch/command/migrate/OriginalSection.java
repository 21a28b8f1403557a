package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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

    /** What to do here instead of keys that stand in guides of the original although none of its versions reads them. */
    private static final Map<String, String> UNREAD = Map.ofEntries(
            Map.entry(
                    "device.location", "for a label of every series write labels = location=… in tidewatch.device.cfg"),
            Map.entry("device.tags", "for labels of every series write labels = name=value,… in tidewatch.device.cfg"),
            Map.entry(
                    "storage.max_age", "history.retention and pending.retention in tidewatch.store.sqlite.cfg do that"),
            Map.entry("storage.cleanup_interval", "this agent makes room as it goes"),
            Map.entry("storage.max_size_mb", "max.size in tidewatch.store.sqlite.cfg does that"),
            Map.entry("remote.timeout", "timeout in tidewatch.uploader.victoriametrics.cfg does that"),
            Map.entry(
                    "remote.retry_attempts", "retry.max.attempts in tidewatch.uploader.victoriametrics.cfg does that"),
            Map.entry(
                    "remote.retry_delay", "retry.initial.backoff in tidewatch.uploader.victoriametrics.cfg does that"),
            Map.entry("collectors", "each collector has a tidewatch.collector.<name>.cfg, and is on without one"),
            Map.entry("network", "include and exclude in tidewatch.collector.network.cfg do that"),
            Map.entry("health", "address in tidewatch.health.cfg says where health is served, /health/ready and all"),
            Map.entry("logging.output", "the log goes to standard output, under systemd to the journal"));

    private final String path;
    private final List<YamlNode.Entry> rest;
    private final MigrationPlan plan;

    /**
     * @param origin its key, such as {@code remote.url}
     * @param line that it is in
     */
    record Found<T>(String origin, int line, T value) {}

    /** A time above zero, with its text as written. */
    record Time(String text, Duration duration) {}

    /** @param path in front of its keys: empty, or with a dot at its end */
    OriginalSection(String path, List<YamlNode.Entry> entries, MigrationPlan plan) {
        this.path = path;
        this.rest = new ArrayList<>(entries);
        this.plan = plan;
    }

    /** A section within; an empty one if it is not there. */
    OriginalSection section(String key) {
        Optional<YamlNode.Entry> entry = take(key);
        List<YamlNode.Entry> entries = List.of();
        if (entry.isPresent()) {
            if (entry.get().value() instanceof YamlNode.Mapping mapping) {
                entries = mapping.entries();
            } else {
                wrong(entry.get(), "a section with keys of its own");
            }
        }
        return new OriginalSection(path + key + ".", entries, plan);
    }

    boolean isEmpty() {
        return rest.isEmpty();
    }

    /** A list, with its key; nothing if it is not there. */
    Optional<YamlNode.Entry> list(String key) {
        Optional<YamlNode.Entry> entry = take(key);
        if (entry.isPresent() && !(entry.get().value() instanceof YamlNode.Items)) {
            wrong(entry.get(), "a list, each item with '- ' in front");
            return Optional.empty();
        }
        return entry;
    }

    /** A text; an empty one counts as missing, as it does there. */
    Optional<Found<String>> text(String key) {
        return read(key, "a text", " of one line", scalar -> Optional.of(scalar.text())
                        .filter(text -> text.chars().noneMatch(Character::isISOControl)))
                .filter(found -> !found.value().isEmpty());
    }

    Optional<Found<Boolean>> flag(String key) {
        return read(key, "true or false", ", without quotes", scalar -> Optional.of(
                        scalar.text().toLowerCase(Locale.ROOT))
                .filter(text -> scalar.plain() && (TRUE.contains(text) || FALSE.contains(text)))
                .map(TRUE::contains));
    }

    /** A whole number above zero; others count as missing, as they do there. */
    Optional<Found<Integer>> positive(String key) {
        Optional<Found<Integer>> number = number(key);
        if (number.isPresent() && number.get().value() <= 0) {
            plan.remark(
                    number.get(),
                    path + key + ": the original takes " + number.get().value() + " for not set, and so it is here");
            return Optional.empty();
        }
        return number;
    }

    Optional<Found<Integer>> number(String key) {
        return read(
                key,
                "a whole number",
                ", without quotes and unit",
                scalar -> scalar.plain() ? whole(scalar.text()) : Optional.empty());
    }

    Optional<Found<BigDecimal>> decimal(String key) {
        return read(key, "a number", ", without quotes and unit", scalar -> Optional.of(scalar.text())
                .filter(text -> scalar.plain() && text.matches("[-+]?\\d{1,9}(\\.\\d{0,9})?"))
                .map(BigDecimal::new));
    }

    /** A time above zero. */
    Optional<Found<Time>> time(String key) {
        Optional<Found<String>> text = text(key);
        Optional<Found<Time>> time = text.flatMap(OriginalSection::time);
        if (text.isPresent() && time.isEmpty()) {
            plan.mistake(
                    text.get(),
                    path + key + " is '" + shown(key, text.get().value())
                            + "'; accepted: a time above zero with its unit, such as 30s, 5m, 1h30m");
        }
        return time;
    }

    /** The time above zero that a text says; nothing if it says none. */
    static Optional<Found<Time>> time(Found<String> text) {
        return GoDuration.parse(text.value())
                .filter(duration -> !duration.isZero() && !duration.isNegative())
                .map(duration -> new Found<>(text.origin(), text.line(), new Time(text.value(), duration)));
    }

    /**
     * A value; nothing if it is not there, or of the wrong kind.
     *
     * @param accepted the kind
     * @param form how it is written, after the kind
     * @param parser nothing: it is wrong
     */
    private <T> Optional<Found<T>> read(
            String key, String accepted, String form, Function<YamlNode.Scalar, Optional<T>> parser) {
        Optional<YamlNode.Entry> taken = take(key);
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        YamlNode.Entry entry = taken.get();
        boolean single = entry.value() instanceof YamlNode.Scalar;
        Optional<T> value = entry.value() instanceof YamlNode.Scalar scalar ? parser.apply(scalar) : Optional.empty();
        if (value.isEmpty()) {
            wrong(entry, single ? accepted + form : accepted);
        }
        return value.map(known -> new Found<>(path + key, entry.line(), known));
    }

    /** Reports the keys that were not asked for. */
    void finish() {
        for (YamlNode.Entry entry : rest) {
            tell(path + entry.key(), entry);
        }
    }

    private void tell(String key, YamlNode.Entry entry) {
        Optional<String> advice = Optional.ofNullable(UNREAD.get(key));
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
        Optional<YamlNode.Entry> found =
                rest.stream().filter(entry -> entry.key().equals(key)).findFirst();
        found.ifPresent(rest::remove);
        return found.filter(entry -> !(entry.value() instanceof YamlNode.Scalar scalar && scalar.isNothing()));
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

    private static Optional<Integer> whole(String text) {
        try {
            return Optional.of(new BigDecimal(text.replace("_", "")).intValueExact());
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
