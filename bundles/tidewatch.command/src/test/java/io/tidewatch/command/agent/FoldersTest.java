package io.tidewatch.command.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.command.console.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    Path folder;

    @Test
    void areThoseOfTheInstallation() throws Exception {
        Files.createDirectories(folder.resolve("home/deploy"));

        Folders folders = find(Map.of("HOME", folder.resolve("me").toString()));

        assertThat(folders.config()).isEqualTo(folder.resolve("home/config"));
        assertThat(folders.deploy()).isEqualTo(folder.resolve("home/deploy"));
        assertThat(folders.state()).isEqualTo(folder.resolve("me/.local/state/tidewatch"));
        assertThat(folder.resolve("me")).doesNotExist();
    }

    @Test
    void areThoseOfTheEnvironment() throws Exception {
        Folders folders = find(
                Map.of("TIDEWATCH_CONFIG", "/c", "TIDEWATCH_STATE", "/s", "TIDEWATCH_DEPLOY", "/d", "HOME", "/me"));

        assertThat(folders).isEqualTo(new Folders(folder.resolve("home"), Path.of("/c"), Path.of("/s"), Path.of("/d")));
    }

    @Test
    void areThoseOfTheServiceUnlessThisUserHasAnAgent() throws Exception {
        Path service = Files.createDirectories(folder.resolve("service"));
        Path own = folder.resolve("state/tidewatch");
        Map<String, String> environment =
                Map.of("XDG_STATE_HOME", folder.resolve("state").toString());

        assertThat(find(environment).state()).isEqualTo(service);
        assertThat(find(environment).deploy()).isEqualTo(service.resolve("deploy"));

        Files.delete(service);
        assertThat(find(environment).state()).isEqualTo(own);
    }

    @Test
    void wantTheInstallationKnown() {
        assertThatThrownBy(() -> Folders.find(null, Map.of())).hasMessageContaining("bin/tidewatch");
    }

    private Folders find(Map<String, String> environment) throws CommandException {
        return Folders.find(folder.resolve("home").toString(), environment, folder.resolve("service"));
    }
}
