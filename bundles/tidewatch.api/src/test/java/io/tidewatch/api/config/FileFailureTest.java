package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
    @TempDir
    private Path folder;

    @Test
    void namesTheReasonAsTheSystemDoes() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path latin = Files.write(folder.resolve("latin"), new byte[] {(byte) 0xe4});

        assertThat(reason(() -> Files.readString(folder.resolve("none")))).isEqualTo("no such file or directory");
        assertThat(reason(() -> Files.readString(file.resolve("below")))).isEqualTo("not a directory");
        assertThat(reason(() -> Files.readString(folder))).isEqualTo("is a directory");
        assertThat(reason(() -> new FileInputStream(folder.toFile()).close())).isEqualTo("is a directory");
        assertThat(reason(() -> Files.readString(file.resolve("x")))).isEqualTo("not a directory");
        assertThat(reason(() -> Files.createDirectory(file))).isEqualTo("it exists already");
        assertThat(reason(() -> Files.readString(latin, StandardCharsets.UTF_8)))
                .isEqualTo("it is not UTF-8 text");
        assertThat(FileFailure.reason(new AccessDeniedException("/root/a"))).isEqualTo("permission denied");
        assertThat(FileFailure.reason(new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("no space left on device");
    }

    @Test
    void alwaysNamesOne() {
        assertThat(Stream.of(
                                new EOFException(),
                                new IOException(" "),
                                new FileSystemException("/a"),
                                new IOException("ZIP END header not found"))
                        .map(FileFailure::reason))
                .containsExactly(
                        "input/output error",
                        "input/output error",
                        "the system gives no reason",
                        "ZIP END header not found");
    }

    @Test
    void theCureFollowsTheReason() {
        assertThat(FileFailure.cure(new AccessDeniedException("/root/a"), "copy it again"))
                .isEqualTo("let the user that the agent runs as read it");
        assertThat(Stream.of(
                                new FileSystemException("/a", null, "Too many open files"),
                                new FileNotFoundException("/a (Too many open files in system)"))
                        .map(failure -> FileFailure.cure(failure, "copy it again")))
                .containsOnly("the machine's or the service's limit of open files (LimitNOFILE) is reached");
        assertThat(FileFailure.cure(new FileSystemException("/a", null, "Input/output error"), "copy it again"))
                .isEqualTo("copy it again");
    }

    private static String reason(ThrowingCallable action) {
        try {
            action.call();
        } catch (Throwable e) {
            return FileFailure.reason(e);
        }
        throw new AssertionError("It did not fail");
    }
}
