package io.tidewatch.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFileTest {
    @TempDir
    Path proc;

    @Test
    void readsTheFileAsItIsNow() throws Exception {
        ProcFile file = new ProcFs(proc, proc, proc).procFile("value");
        Files.writeString(proc.resolve("value"), "1\n");
        assertThat(firstNumber(file)).isEqualTo(1);

        Files.writeString(proc.resolve("value"), "23");
        assertThat(firstNumber(file)).isEqualTo(23);
    }

    @Test
    void growsToTheFilesSize() throws Exception {
        String line = "0123456789abcdef\n";
        Files.writeString(proc.resolve("large"), line.repeat(1000));
        Fields fields = new ProcFile(proc.resolve("large")).read();

        int lines = 0;
        while (fields.nextLine()) {
            lines++;
        }
        assertThat(lines).isEqualTo(1000);
    }

    @Test
    void refusesAFileOverTheLimit() throws Exception {
        Files.write(proc.resolve("huge"), new byte[ProcBuffer.MAX_BYTES + 1]);

        assertThatThrownBy(() -> new ProcFile(proc.resolve("huge")).read()).hasMessageContaining("is larger than");
    }

    @Test
    void tellsAMissingFileFromABrokenOne() throws Exception {
        Files.createDirectory(proc.resolve("folder"));

        assertThatThrownBy(() -> new ProcFile(proc.resolve("absent")).read()).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> new ProcFile(proc.resolve("folder")).read())
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class);
    }

    @Test
    void manySmallFilesShareABuffer() throws Exception {
        ProcBuffer buffer = new ProcBuffer();
        Files.writeString(proc.resolve("a"), "12345\n");
        Files.writeString(proc.resolve("b"), "6\n");
        Files.writeString(proc.resolve("empty"), "");

        assertThat(buffer.readLine(proc.resolve("a")).number()).isEqualTo(12345);
        assertThat(buffer.readLine(proc.resolve("b")).number()).isEqualTo(6);
        assertThat(buffer.readLine(proc.resolve("empty")).hasNext()).isFalse();
    }

    @Test
    void findsMountPointsBelowTheRoot() {
        ProcFs procFs = new ProcFs(proc, proc, Path.of("/host"));

        assertThat(procFs.mounted("/")).isEqualTo(Path.of("/host"));
        assertThat(procFs.mounted("/boot/efi")).isEqualTo(Path.of("/host/boot/efi"));
    }

    private static long firstNumber(ProcFile file) throws IOException {
        Fields fields = file.read();
        fields.nextLine();
        return fields.number();
    }
}
