package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.store.sqlite.db.Millis;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the command line of an export. */
final class ExportArguments {
    /** The command line is not understood; the message is no whole sentence: the program adds where its help is. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static final String HELP =
            """
                tidewatch export: writes stored samples as JSON lines for VictoriaMetrics

                  tidewatch export --output samples.jsonl.gz [options]
                  curl -H 'Content-Encoding: gzip' -T samples.jsonl.gz -X POST \\
                    http://host:8428/api/v1/import

                Options
                  --output FILE     the file to write; one that is there is replaced when the
                                    new one is whole; - writes to standard output
                  --database FILE   the database to read (default: metrics.db in
                                    TIDEWATCH_STATE, else /var/lib/tidewatch/metrics.db); the
                                    agent may run or not
                  --from TIME       earliest time, included (default: the beginning)
                  --until TIME      latest time, excluded (default: the newest sample)
                  --pending         only samples that no server has accepted yet; they stay
                                    pending
                  --help            print this

                TIME is a moment such as 2026-03-01T12:00:00Z or 2026-03-01T13:00:00+01:00, or
                how long ago, such as 90m, 48h, 7d.

                Exit codes
                  0    the file is written and complete
                  64   the command line is not understood
                  66   the database is missing, is none of this agent's, or cannot be read
                  73   the file cannot be written; there is none then, or still the old one
                """;

    private static final Path SYSTEM_DATABASE = Path.of("/var/lib/tidewatch/metrics.db");

    private @Nullable Path database;
    private @Nullable Path output;
    private Instant from = DeliveryQuery.BEGINNING;
    private Instant until = DeliveryQuery.END;
    private boolean pendingOnly;

    private ExportArguments() {}

    /** @param now what times ago count from */
    static ExportRequest parse(List<String> arguments, Map<String, String> environment, Instant now)
            throws UsageException {
        ExportArguments read = new ExportArguments();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            read.take(rest.next(), rest, now);
        }
        return read.request(environment);
    }

    private void take(String option, Iterator<String> rest, Instant now) throws UsageException {
        switch (option) {
            case "--pending" -> pendingOnly = true;
            case "--output" -> output = path(option, value(option, rest));
            case "--database" -> database = path(option, value(option, rest));
            case "--from" -> from = time(option, value(option, rest), now);
            case "--until" -> until = time(option, value(option, rest), now);
            default ->
                throw new UsageException("Unknown option '" + option
                        + "'; accepted are --output, --database, --from, --until, --pending and --help");
        }
    }

    private ExportRequest request(Map<String, String> environment) throws UsageException {
        if (output == null) {
            throw new UsageException("--output is missing: the file to write, such as samples.jsonl.gz");
        }
        if (!from.isBefore(until)) {
            throw new UsageException("--from (" + from + ") is not before --until (" + until + ")");
        }
        return new ExportRequest(
                database == null ? defaultDatabase(environment) : database,
                output,
                Millis.atOrAfter(from),
                Millis.atOrAfter(until),
                pendingOnly);
    }

    static Path defaultDatabase(Map<String, String> environment) throws UsageException {
        String state = environment.getOrDefault("TIDEWATCH_STATE", "");
        if (!state.isEmpty()) {
            return path("TIDEWATCH_STATE", state).resolve("metrics.db");
        }
        if (Files.exists(SYSTEM_DATABASE)) {
            return SYSTEM_DATABASE;
        }
        throw new UsageException(
                "--database is missing, TIDEWATCH_STATE is not set, and there is no " + SYSTEM_DATABASE);
    }

    static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    static Path path(String option, String value) throws UsageException {
        try {
            if (!value.isEmpty()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            // Falls through to the one message.
        }
        throw new UsageException(option + " is '" + value + "', which is no path");
    }

    private static Instant time(String option, String value, Instant now) throws UsageException {
        try {
            return now.minus(Setting.durationOrZero(option, value));
        } catch (InvalidSettingException e) {
            // Not how long ago: a moment, or wrong.
        }
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            throw new UsageException(option + " is '" + value
                    + "'; accepted are a moment such as 2026-03-01T12:00:00Z and how long ago, such as 90m, 48h, 7d");
        }
    }
}
