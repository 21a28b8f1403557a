package io.tidewatch.command.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What the build has filled in. */
public final class Build {
    private Build() {}

    /** A resource of one line: {@code version} or {@code built}. */
    public static String resource(String name) {
        try (InputStream resource = Build.class.getResourceAsStream("/io/tidewatch/command/" + name)) {
            if (resource == null) {
                return "unknown";
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
