package io.tidewatch.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * What this program was built from, as the manifest of its jar says; "unknown" where that says nothing.
 *
 * @param commit id of the commit, with {@code -dirty} if there were changes on top of it
 * @param time of the commit, ISO 8601
 */
record Build(String version, String commit, String time) {
    static Build read() {
        String path = "/" + Build.class.getName().replace('.', '/') + ".class";
        String location = String.valueOf(Build.class.getResource("Build.class"));
        try (InputStream manifest = new URL(location.replace(path, "/META-INF/MANIFEST.MF")).openStream()) {
            Attributes headers = new Manifest(manifest).getMainAttributes();
            return new Build(
                    header(headers, "Implementation-Version"),
                    header(headers, "Tidewatch-Commit"),
                    header(headers, "Tidewatch-Built"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(Attributes headers, String name) {
        return Objects.requireNonNullElse(headers.getValue(name), "unknown");
    }

    @Override
    public String toString() {
        return version + " (commit " + commit + ", " + time + ")";
    }
}
