package io.tidewatch.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedFolderTest {
    @TempDir
    Path thermal;

    @Test
    void listsByNumberAndPassesOverOtherNames() throws Exception {
        for (String name : new String[] {
            "thermal_zone10",
            "thermal_zone2",
            "thermal_zone",
            "thermal_zonex",
            "cooling_device0",
            "thermal_zone9999999999"
        }) {
            Files.createDirectory(thermal.resolve(name));
        }

        assertThat(NumberedFolder.in(thermal, "thermal_zone"))
                .containsExactly(
                        new NumberedFolder(2, thermal.resolve("thermal_zone2")),
                        new NumberedFolder(10, thermal.resolve("thermal_zone10")));
    }

    @Test
    void aParentThatIsNotThereHasNone() throws Exception {
        Files.writeString(thermal.resolve("file"), "");

        assertThat(NumberedFolder.in(thermal.resolve("absent"), "x")).isEmpty();
        assertThat(NumberedFolder.in(thermal.resolve("file"), "x")).isEmpty();
    }
}
