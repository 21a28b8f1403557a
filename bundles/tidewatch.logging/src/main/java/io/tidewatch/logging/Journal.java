package io.tidewatch.logging;

import ch.qos.logback.classic.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The journal of systemd as the reader of standard output: it adds the time of each line, and takes its priority
 * from a prefix such as {@code <4>}.
 *
 * <p>Source: sd-daemon(3) for the prefixes, systemd.exec(5) for {@code JOURNAL_STREAM}.
 */
final class Journal {
    /** Whether standard output goes there. */
    static final boolean READS = isStream(System.getenv("JOURNAL_STREAM"), Path.of("/proc/self/fd/1"));

    private Journal() {}

    /**
     * Whether a file is the stream of the journal: a program may have redirected its output and kept the environment.
     *
     * @param stream device and inode, as {@code 8:1234}; null: there is no journal
     */
    static boolean isStream(@Nullable String stream, Path file) {
        if (stream == null) {
            return false;
        }
        try {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
            return stream.equals(attributes.get("dev") + ":" + attributes.get("ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the lines of an event, each with its priority: 3 for errors, 4 warnings, 6 information, 7 debugging. */
    static byte[] prefixed(Level level, byte[] lines) {
        byte[] prefix = ("<" + priority(level) + ">").getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream(lines.length + prefix.length);
        boolean begins = true;
        for (byte b : lines) {
            if (begins) {
                out.writeBytes(prefix);
            }
            out.write(b);
            begins = b == '\n';
        }
        return out.toByteArray();
    }

    private static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}
