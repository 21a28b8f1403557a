package io.tidewatch.command.status;

import io.tidewatch.command.agent.Json;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.console.Columns;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.console.ExitCodes;
import io.tidewatch.command.console.Terminal;
import io.tidewatch.command.console.Terminal.Colour;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The health of an agent, for people. */
record HealthView(Json health) {
    /** From the worst on. */
    private static final List<String> STATUSES = List.of("error", "degraded", "ok");

    int exitCode() {
        return switch (health.text("status").orElse("")) {
            case "ok" -> ExitCodes.OK;
            case "degraded" -> ExitCodes.NOT_WELL;
            default -> ExitCodes.ERROR;
        };
    }

    /** A line on the whole, the components, and the figures that are asked for most. */
    List<String> lines(Terminal terminal) {
        List<String> lines = new ArrayList<>();
        String status = health.text("status").orElse("unknown");
        StringBuilder title =
                new StringBuilder("tidewatch ").append(health.text("version").orElse(""));
        details("bundles")
                .text("commit")
                .ifPresent(commit -> title.append(" (commit ").append(commit).append(')'));
        health.text("device_id").ifPresent(id -> title.append(" on ").append(id));
        health.number("uptime_seconds").ifPresent(up -> title.append(", up ").append(seconds(up)));
        lines.addAll(DisplayText.wrapped(DisplayText.plain(title.toString()), terminal.columns()));
        Columns whole = new Columns();
        whole.add(List.of(status, health.text("message").orElse("")), 0, colour(status));
        lines.addAll(whole.lines(terminal));
        lines.add("");
        lines.addAll(components().lines(terminal));
        List<String> figures = figures();
        if (!figures.isEmpty()) {
            lines.add("");
            figures.forEach(figure -> lines.addAll(DisplayText.wrapped(figure, terminal.columns())));
        }
        return lines;
    }

    private Columns components() {
        Columns columns = new Columns();
        columns.add(List.of("COMPONENT", "STATUS", "MESSAGE"));
        Json components = health.object("components");
        components.fields().keySet().stream()
                // One that is not known comes first, with -1.
                .sorted(Comparator.comparingInt(name ->
                        STATUSES.indexOf(components.object(name).text("status").orElse(""))))
                .forEach(name -> {
                    Json component = components.object(name);
                    String status = component.text("status").orElse("unknown");
                    columns.add(List.of(name, status, component.text("message").orElse("")), 1, colour(status));
                    for (String problem : component.object("details").texts("problems")) {
                        columns.add(List.of("", "", problem));
                    }
                });
        return columns;
    }

    private List<String> figures() {
        List<String> lines = new ArrayList<>();
        Json uploader = details("uploader");
        List<String> delivery = new ArrayList<>();
        uploader.number("pending_count").ifPresent(count -> {
            String oldest = uploader.number("oldest_pending_seconds").isEmpty() || count == 0
                    ? ""
                    : ", the oldest "
                            + seconds(uploader.number("oldest_pending_seconds").orElse(0)) + " old";
            delivery.add(String.format(Locale.ROOT, "%.0f samples pending%s", count, oldest));
        });
        uploader.text("server").ifPresent(server -> lines.add("uploads go to " + server));
        sinceLastUpload(uploader).ifPresent(age -> delivery.add("last upload " + Amounts.time(age) + " ago"));
        uploader.number("drained_in_seconds")
                .ifPresent(left -> delivery.add("everything is delivered in " + seconds(left)));
        add(lines, delivery);
        Json storage = details("storage");
        List<String> disk = new ArrayList<>();
        storage.number("database_size_bytes").ifPresent(size -> disk.add("database " + Amounts.size(size)));
        storage.number("wal_size_bytes").ifPresent(size -> disk.add("its log " + Amounts.size(size)));
        add(lines, disk);
        return lines;
    }

    private Json details(String component) {
        return health.object("components").object(component).object("details");
    }

    private static void add(List<String> lines, List<String> parts) {
        if (!parts.isEmpty()) {
            lines.add(String.join("; ", parts));
        }
    }

    /** As the agent counts it; else by its clock, which may have been set since. */
    private Optional<Duration> sinceLastUpload(Json uploader) {
        Optional<Instant> now = health.text("timestamp").flatMap(HealthView::instant);
        Optional<Instant> upload = uploader.text("last_upload_time").flatMap(HealthView::instant);
        OptionalDouble counted = uploader.number("time_since_upload_seconds");
        return counted.isPresent()
                ? upload.map(any -> Duration.ofSeconds((long) counted.getAsDouble()))
                : now.flatMap(end -> upload.map(start -> Duration.between(start, end)));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String seconds(double seconds) {
        return Amounts.time(Duration.ofSeconds((long) seconds));
    }

    private static Colour colour(String status) {
        return switch (status) {
            case "ok" -> Colour.GREEN;
            case "degraded" -> Colour.YELLOW;
            default -> Colour.RED;
        };
    }
}
