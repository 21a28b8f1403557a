package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.config.FileFailure;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTypeException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statistics file of srtla-send-rs, {@code --stats-file /tmp/srtla-send-stats-<port>.json}:
 *
 * <pre>
 * {"schema_version":1,"last_updated_ms":1749556546000,"connections":[{"conn_id":"0","rtt_ms":42,"nak_count":3,
 *  "weight_percent":85,"window":8192,"in_flight":100,"bitrate_bps":2500000}]}
 * </pre>
 *
 * <p>The sender replaces it every second and removes it when it ends. One that was last written longer ago than 5 s is of a
 * sender that hangs or was killed: its links are not up, and nothing else is known of them.
 *
 * <p>Source: srtla-send-rs, telemetry file, ADR-001.
 */
final class StatsFile extends LinkSource {
    private static final Duration STALE = Duration.ofSeconds(5);
    private static final int LONGEST = 1 << 20;
    private static final String CONNECTIONS = "connections";
    private static final OptionalDouble SCHEMA = OptionalDouble.of(1);

    private final Path pattern;
    private final Clock clock;
    private final JsonTree tree = new JsonTree(Stream.concat(
                    Stream.of(JsonPath.ofFields("schema_version"), JsonPath.ofFields("last_updated_ms")),
                    SenderStats.paths(CONNECTIONS))
            .toList());

    /** @param pattern a path; a {@code *} in its last name stands for any characters */
    StatsFile(Path pattern, Clock clock) {
        super(Kind.STATS_FILE, "statistics file " + pattern);
        this.pattern = pattern;
        this.clock = clock;
    }

    @Override
    Optional<List<LinkReading>> read(Uplinks uplinks, Deadline deadline, Diagnostics diagnostics) throws IOException {
        Path file;
        try {
            file = newest(diagnostics);
        } catch (IOException e) {
            throw new IOException(
                    "the folder " + pattern.getParent() + " cannot be listed: " + FileFailure.reason(e), e);
        }
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(file, SourceFile.read(file, LONGEST), uplinks, diagnostics));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // the sender ended a moment ago
        } catch (IOException e) {
            throw new IOException("the statistics file " + file + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private @Nullable Path newest(Diagnostics diagnostics) throws IOException {
        Path name = pattern.getFileName();
        Path folder = pattern.getParent();
        if (name == null || folder == null || !name.toString().contains("*")) {
            return pattern;
        }
        // Of its special characters only the asterisk is meant.
        String glob = name.toString().replaceAll("[\\\\\\[\\]{}?]", "\\\\$0");
        // What was written before the clock was set back is left, and not new.
        Instant now = clock.instant();
        Path newest = null;
        Duration distance = null;
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            for (Path file : files) {
                try {
                    Instant written = Files.getLastModifiedTime(file).toInstant();
                    Duration apart = Duration.between(written, now).abs();
                    count++;
                    if (distance == null || apart.compareTo(distance) < 0) {
                        newest = file;
                        distance = apart;
                    }
                } catch (NoSuchFileException e) {
                    // The sender ended, or replaced it.
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return null;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (count > 1) {
            diagnostics.note(
                    "stats.file", count + " files match " + pattern + "; the newest one, " + newest + ", is read");
        }
        return newest;
    }

    private List<LinkReading> read(Path file, SourceFile.Content content, Uplinks uplinks, Diagnostics diagnostics)
            throws IOException {
        ObjectNode document = SenderStats.object(tree, content.bytes());
        checkSchema(file, document, diagnostics);
        Instant updated = updated(document, content.written(), file, diagnostics);
        List<LinkReading> links = SenderStats.links(document, CONNECTIONS, uplinks, diagnostics)
                .orElseThrow(() -> new IOException("it has no " + CONNECTIONS));
        Duration age = Duration.between(updated, clock.instant());
        if (age.abs().compareTo(STALE) > 0) {
            links.removeIf(link -> link.name().isEmpty());
            links.forEach(LinkReading::goDown);
            diagnostics.note(
                    "stale",
                    file + " was last written at " + updated + ", not within " + STALE.toSeconds()
                            + " s; the sender hangs or was killed, its links count as down");
        } else if (isListNewer(uplinks, updated)) {
            // Which line the sender means by a number is not certain before it has written again.
            links.forEach(LinkReading::forget);
        }
        return links;
    }

    /** Whether the list of addresses changed after the document was written. A list from the future says nothing. */
    private boolean isListNewer(Uplinks uplinks, Instant updated) {
        return uplinks.exists()
                && uplinks.written().isAfter(updated)
                && !uplinks.written().isAfter(clock.instant());
    }

    private static void checkSchema(Path file, ObjectNode document, Diagnostics diagnostics) {
        String found;
        try {
            OptionalDouble version = document.number("schema_version");
            if (version.equals(SCHEMA)) {
                return;
            }
            found = " has "
                    + (version.isPresent()
                            ? "schema_version " + LinkReading.shown(version.getAsDouble())
                            : "no schema_version")
                    + ", not 1";
        } catch (JsonTypeException e) {
            found = ": " + e.getMessage();
        }
        diagnostics.note("schema_version", file + found + "; fields with the names of schema 1 are read");
    }

    private static Instant updated(ObjectNode document, Instant written, Path file, Diagnostics diagnostics) {
        String wrong;
        try {
            OptionalDouble millis = document.number("last_updated_ms");
            if (millis.isPresent() && millis.getAsDouble() >= 0 && millis.getAsDouble() <= 1L << 53) {
                return Instant.ofEpochMilli((long) millis.getAsDouble());
            }
            wrong = "last_updated_ms: expected milliseconds since 1970, found "
                    + (millis.isPresent() ? LinkReading.shown(millis.getAsDouble()) : "none");
        } catch (JsonTypeException e) {
            wrong = e.getMessage();
        }
        diagnostics.damaged("last_updated_ms", file + ": " + wrong + "; the time of the file counts");
        return written;
    }
}
