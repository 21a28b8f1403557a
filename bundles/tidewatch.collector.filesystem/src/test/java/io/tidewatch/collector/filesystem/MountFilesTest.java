package io.tidewatch.collector.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountFilesTest {
    @TempDir
    private Path machine;

    private MountFiles files;

    @BeforeEach
    void hideTheFirstProcess() throws IOException {
        files = new MountFiles(new ProcFs(machine.resolve("proc"), machine.resolve("sys"), machine));
        write("proc/self/mounts", "ro");
    }

    @Test
    void theAgentsOwnViewStandsInForThatOfTheMachine() throws IOException {
        assertThat(files.ofMachine(new Diagnostics()).get("/").readOnly()).isTrue();
    }

    @Test
    void theUnitUnhidesThatOfTheMachine() throws IOException {
        write("run/tidewatch-mounts", "rw");

        assertThat(files.ofMachine(new Diagnostics()).get("/").readOnly()).isFalse();
        assertThat(files.ofAgent().get("/").readOnly()).isTrue();
    }

    private void write(String file, String option) throws IOException {
        Path path = machine.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "/dev/mmcblk0p1 / ext4 " + option + ",relatime 0 0\n");
    }
}
