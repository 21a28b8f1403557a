package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegularFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("file"), "text");
    }

    @Test
    void aFileIsReadThroughALinkToo() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThat(RegularFile.read(file, 4)).asString().isEqualTo("text");
        assertThat(RegularFile.read(link, 4)).asString().isEqualTo("text");
    }

    @Test
    void aLongerOneIsRefused() {
        assertThatThrownBy(() -> RegularFile.read(file, 3)).hasMessageEndingWith("it is longer than 3 bytes");
    }

    @Test
    void nothingIsNoSuchFile() {
        assertThatThrownBy(() -> RegularFile.read(folder.resolve("none"), 4)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatIsNoFileIsNotOpened() throws Exception {
        for (Map.Entry<String, String> odd : odd().entrySet()) {
            assertThatThrownBy(() -> RegularFile.read(folder.resolve(odd.getKey()), 4))
                    .as(odd.getKey())
                    .isNotInstanceOf(NoSuchFileException.class)
                    .satisfies(e -> assertThat(FileFailure.reason(e)).isEqualTo(odd.getValue()));
        }
    }

    @Test
    void eachOfThemHasAStampInItsFolderAndKeepsNoOtherFromIt() throws Exception {
        WatchedFolder watched = new WatchedFolder(folder);
        Map<Path, String> before = watched.stamps("*");
        Map<String, String> odd = odd();

        Map<Path, String> stamps = watched.stamps("*");

        assertThat(stamps).containsAllEntriesOf(before).hasSize(before.size() + odd.size());
        Files.delete(folder.resolve("dangling"));
        Files.writeString(folder.resolve("dangling"), "text");
        assertThat(watched.stamps("*").get(folder.resolve("dangling")))
                .isNotEqualTo(stamps.get(folder.resolve("dangling")));
    }

    /** What there may be in place of a file, with what is said of it. */
    private Map<String, String> odd() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(folder.resolve("endless"), Path.of("/dev/zero"));
        Files.createDirectory(folder.resolve("folder"));
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        return Map.of(
                "pipe", "it is a pipe, a socket or a device",
                "endless", "it is a pipe, a socket or a device",
                "folder", "it is a folder",
                "dangling", "it is a link to a file that does not exist",
                "loop", "too many levels of symbolic links");
    }
}
