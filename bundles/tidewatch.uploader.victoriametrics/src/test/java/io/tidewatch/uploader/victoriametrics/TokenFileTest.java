package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsTheTokenOfTheMoment() throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, "one\n");
        assertThat(TokenFile.read(file)).isEqualTo("one");
        Files.writeString(file, " two ");
        assertThat(TokenFile.read(file)).isEqualTo("two");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> TokenFile.read(folder.resolve("none")))
                .isInstanceOf(TokenFileException.class)
                .hasMessageContaining("none does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "secret\r\nX-Evil: 1", "secret other", "secrét", "secret\u0000"})
    void whatCannotBeATokenIsRefusedWithoutShowingIt(String text) throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, text);

        assertThatThrownBy(() -> TokenFile.read(file))
                .isInstanceOf(TokenFileException.class)
                .hasMessageNotContaining("secr");
    }

    @Test
    void aHugeFileIsNoToken() throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, "x".repeat(100_000));

        assertThatThrownBy(() -> TokenFile.read(file)).isInstanceOf(TokenFileException.class);
    }
}
