package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenFileTest {
    @TempDir
    Path folder;

    @Test
    void hasWhatValuesStandFor() throws Exception {
        Path secret = Files.createDirectories(folder.resolve("secrets")).resolve("proxy");
        Files.writeString(secret, "s3cret\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                folder.resolve("tidewatch.some.cfg"),
                """
                # a comment
                path = ${tidewatch.state}/x
                proxy = http://me:${secret:proxy}@proxy
                twice = 1
                twice = 2
                unknown = ${nobody}
                no value
                """);

        Map<String, String> values =
                WrittenFile.values(folder, "tidewatch.some", Map.of("tidewatch.state", "/state")::get);

        assertThat(values).isEqualTo(Map.of("path", "/state/x", "proxy", "http://me:s3cret@proxy", "twice", "2"));
    }

    @Test
    void hasNothingWithoutAFile() throws Exception {
        assertThat(WrittenFile.values(folder, "tidewatch.none", name -> null)).isEmpty();
    }
}
