package io.tidewatch.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts profiles into an installation of a test. */
final class ProfileShelf {
    private ProfileShelf() {}

    static Path put(Path home, String profile, String file, String content) throws IOException {
        Path folder = Files.createDirectories(home.resolve("lib/profiles").resolve(profile));
        return Files.writeString(folder.resolve(file), content);
    }
}
