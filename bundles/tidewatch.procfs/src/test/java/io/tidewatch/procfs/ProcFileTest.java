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
        ProcFile file = new ProcFs(proc, proc).procFile("value");
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
        Files.write(proc.resolve("huge"), new byte[ProcFile.MAX_BYTES + 1]);

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

    private static long firstNumber(ProcFile file) throws IOException {
        Fields fields = file.read();
        fields.nextLine();
        return fields.number();
    }
}
