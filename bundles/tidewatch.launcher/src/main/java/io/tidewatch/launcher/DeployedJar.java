package io.tidewatch.launcher;

import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * A jar of the deploy folder, identified without reading it.
 *
 * @param size in bytes
 * @param modified milliseconds of the epoch
 */
record DeployedJar(String name, long size, long modified) {

    /** The jars of a folder that are installed from it: those that are not hidden. */
    static Set<DeployedJar> in(Path folder) throws IOException {
        Set<DeployedJar> jars = new HashSet<>();
        for (Path file : new WatchedFolder(folder).list("[!.]*.jar")) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                if (attributes.isRegularFile()) {
                    jars.add(new DeployedJar(
                            String.valueOf(file.getFileName()),
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis()));
                }
            } catch (IOException e) {
                // It was removed since, or is a link to nothing: nothing can be installed from it.
            }
        }
        return jars;
    }

    /** In one line without a line break, whatever the name is. */
    String toText() {
        return size + " " + modified + " " + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if the text is none of {@link #toText} */
    static DeployedJar parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("'" + text + "' is not size, time and name");
        }
        return new DeployedJar(
                URLDecoder.decode(parts[2], StandardCharsets.UTF_8),
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]));
    }
}
