package io.tidewatch.command.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.command.agent.FileBatch.NewFile;
import io.tidewatch.testing.config.OddFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What would be replaced by a file, and is none, stays, and what stands beside it too. */
class FileBatchTest {
    private static final List<NewFile> FILES = List.of(
            new NewFile("first.cfg", List.of("interval = 5s"), false), new NewFile("second", List.of("t"), true));

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void whatIsNoFileIsNamedAndStays(OddFile odd) throws Exception {
        Files.writeString(folder.resolve("first.cfg"), "old");
        staysAndIsNamed(odd.make(folder.resolve("second")), odd.reason());
    }

    @Test
    void aLinkIsNamedAndStays() throws Exception {
        Files.writeString(folder.resolve("first.cfg"), "old");
        Path kept = Files.writeString(folder.resolve("kept"), "kept");
        staysAndIsNamed(Files.createSymbolicLink(folder.resolve("second"), kept), "is a link");
        assertThat(kept).hasContent("kept");
    }

    @Test
    void whatCameBetweenHasAllTakenBack() throws Exception {
        Files.writeString(folder.resolve("first.cfg"), "old");
        try (FileBatch batch = FileBatch.prepare(folder, FILES, null)) {
            Files.createDirectories(folder.resolve("second/sub"));

            assertThatThrownBy(batch::putInPlace).isInstanceOf(IOException.class);
        }
        assertThat(folder.resolve("first.cfg")).hasContent("old");
        assertThat(folder.resolve("second/sub")).isDirectory();
        assertThat(folder).isDirectoryNotContaining("glob:**.writing-*");
    }

    private void staysAndIsNamed(Path odd, String reason) throws IOException {
        Object kind = Files.readAttributes(odd, "unix:mode", LinkOption.NOFOLLOW_LINKS);

        assertThatThrownBy(() -> FileBatch.prepare(folder, FILES, null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        Files.isSymbolicLink(odd) ? odd + " is a link" : odd + " is in the way: " + reason);

        assertThat(Files.readAttributes(odd, "unix:mode", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(kind);
        assertThat(folder.resolve("first.cfg")).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.writing-*");

        Files.delete(odd);
        try (FileBatch batch = FileBatch.prepare(folder, FILES, null)) {
            batch.putInPlace();
        }
        assertThat(folder.resolve("first.cfg")).hasContent("interval = 5s");
        assertThat(odd).hasContent("t").satisfies(path -> assertThat(Files.isSymbolicLink(path))
                .isFalse());
    }
}
