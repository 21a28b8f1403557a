package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.config.Profile.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {
    @TempDir
    Path folder;

    @TempDir
    Path home;

    @Test
    void listsWhatItSetsAndWhatStays() throws Exception {
        ProfileShelf.put(home, "fast", "a.one.cfg", "interval = 1s\nlist = a\n");
        ProfileShelf.put(home, "fast", "a.two.cfg", "# starts it\n");
        ProfileShelf.put(home, "fast", "a.three.cfg", "interval = 1s\n");
        Path unit = ProfileShelf.put(home, "fast", "signal.service", "[Service]\n");
        Path dropIn = ProfileShelf.put(home, "fast", "video.conf", "[Service]\n");
        Files.writeString(folder.resolve("a.one.cfg"), "#interval = 10s\nlist = ${secret:x}\n");
        Files.writeString(folder.resolve("a.three-left.cfg"), "interval = 2s\n");
        Profile profile = Profile.find(home.toString(), "fast").orElseThrow();

        assertThat(profile.settings(folder))
                .containsExactly(
                        new Setting("a.one.cfg", "interval", "1s", null),
                        new Setting("a.one.cfg", "list", "a", "${secret:x}"),
                        new Setting("a.two.cfg", "", "", null));
        assertThat(profile.unused(folder)).containsExactly("a.three.cfg");
        assertThat(profile.unitFiles()).containsExactly(unit, dropIn);
        Files.writeString(folder.resolve("a.two.cfg"), "# mine\n");
        assertThat(profile.settings(folder)).as("nothing changes").hasSize(2);
    }

    @Test
    void thereAreNoneInAnInstallationWithoutAny() throws Exception {
        assertThat(Profile.names(home.toString())).isEmpty();
        assertThat(Profile.names(null)).isEmpty();
        assertThat(Profile.find(home.toString(), "fast")).isEmpty();
    }

    @Test
    void programsBesideTheAgentReadItsValues() throws Exception {
        ProfileShelf.put(home, "fast", "a.one.cfg", "interval = 1s\npath = ${tidewatch.home}/x\n");
        ProfileShelf.put(home, "fast", "a.two.cfg", "x = 1\n");
        Files.writeString(folder.resolve("profile"), "fast\n");
        Files.writeString(folder.resolve("a.one.cfg"), "interval = 9s\n");
        Map<String, String> properties = Map.of("tidewatch.home", home.toString());

        assertThat(WrittenFile.values(folder, "a.one", properties::get))
                .isEqualTo(Map.of("interval", "9s", "path", home + "/x"));
        assertThat(WrittenFile.values(folder, "a.two", properties::get)).isEqualTo(Map.of("x", "1"));
        assertThat(WrittenFile.pids(folder, properties::get)).containsExactly("a.one", "a.two");
        Files.delete(folder.resolve("profile"));
        assertThat(WrittenFile.values(folder, "a.two", properties::get)).isEmpty();
        assertThat(WrittenFile.pids(folder, properties::get)).containsExactly("a.one");
    }
}
