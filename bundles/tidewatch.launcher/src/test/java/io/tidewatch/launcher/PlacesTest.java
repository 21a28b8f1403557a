package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
    @TempDir
    private Path folder;

    private Path home;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void install() throws IOException {
        home = folder.resolve("home");
        Files.createDirectories(home.resolve("bundles"));
        Files.createDirectories(home.resolve("config"));
        environment.put("HOME", folder.resolve("user").toString());
    }

    @Test
    void hasDefaultsForAnOrdinaryUser() throws Exception {
        Places places = find();

        assertThat(places.home()).isEqualTo(home);
        assertThat(places.config()).isEqualTo(home.resolve("config"));
        assertThat(places.state())
                .isEqualTo(folder.resolve("user/.local/state/tidewatch"))
                .isDirectory();
        assertThat(places.deploy()).isEqualTo(places.state().resolve("deploy")).isDirectory();
        assertThat(places.lock()).isEqualTo(places.state().resolve("metrics.db.lock"));
    }

    @Test
    void prefersTheSystemsStateFolderWhenItCanBeWritten() throws Exception {
        Files.createDirectories(folder.resolve("var"));

        assertThat(find().state()).isEqualTo(folder.resolve("var"));
    }

    @Test
    void followsXdgWhenItIsAbsolute() throws Exception {
        environment.put("XDG_STATE_HOME", folder.resolve("xdg").toString());
        assertThat(find().state()).isEqualTo(folder.resolve("xdg/tidewatch"));

        environment.put("XDG_STATE_HOME", "xdg");
        assertThat(find().state()).isEqualTo(folder.resolve("user/.local/state/tidewatch"));
    }

    @Test
    void takesTheDeployFolderOfTheInstallationWhenItIsThere() throws Exception {
        Files.createDirectories(home.resolve("deploy"));

        assertThat(find().deploy()).isEqualTo(home.resolve("deploy"));
    }

    @Test
    void takesWhatTheEnvironmentSays() throws Exception {
        environment.put("TIDEWATCH_CONFIG", made("a").toString());
        environment.put("TIDEWATCH_STATE", folder.resolve("b/c").toString());
        environment.put("TIDEWATCH_DEPLOY", made("d").toString());

        assertThat(find()).isEqualTo(new Places(home, folder.resolve("a"), folder.resolve("b/c"), folder.resolve("d")));
        assertThat(folder.resolve("b/c")).isDirectory();
    }

    @Test
    void takesAnEmptyValueAsNotSet() throws Exception {
        Places byDefault = find();
        environment.putAll(Map.of("TIDEWATCH_CONFIG", "", "TIDEWATCH_STATE", " ", "TIDEWATCH_DEPLOY", ""));

        assertThat(find()).isEqualTo(byDefault);
    }

    @Test
    void makesRelativePathsAbsolute() throws Exception {
        environment.put("TIDEWATCH_CONFIG", "src/../src");

        assertThat(find().config()).isEqualTo(Path.of("src").toAbsolutePath());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "/nowhere"})
    void refusesAnUnknownInstallation(String home) {
        assertThatExceptionOfType(LaunchException.class)
                .isThrownBy(() -> Places.find(home, environment, folder.resolve("var")))
                .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCode.BAD_START_CONFIGURATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TIDEWATCH_CONFIG", "TIDEWATCH_DEPLOY"})
    void refusesAFolderThatIsNotThere(String variable) {
        environment.put(variable, folder.resolve("missing").toString());

        assertRefused(this::find, folder.resolve("missing").toString(), variable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TIDEWATCH_CONFIG", "TIDEWATCH_STATE", "TIDEWATCH_DEPLOY"})
    void refusesAFileInPlaceOfAFolder(String variable) throws Exception {
        Files.writeString(folder.resolve("file"), "");
        environment.put(variable, folder.resolve("file").toString());

        assertRefused(this::find, folder.resolve("file").toString(), variable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/tidewatch", "/dev/null/state"})
    void refusesAStateFolderThatCannotBeMade(String state) {
        environment.put("TIDEWATCH_STATE", state);

        assertRefused(this::find, state, "TIDEWATCH_STATE");
    }

    @Test
    void locatesWithoutMakingAnything() throws Exception {
        environment.put("TIDEWATCH_STATE", folder.resolve("state").toString());

        Places places = Places.locate(home.toString(), environment, Places.SYSTEM_STATE);

        assertThat(places.deploy()).isEqualTo(folder.resolve("state/deploy"));
        assertThat(places.properties())
                .containsEntry("tidewatch.state", folder.resolve("state").toString())
                .containsEntry("tidewatch.config", home.resolve("config").toString());
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void refusesAPathThatIsNone() {
        environment.put("TIDEWATCH_STATE", "a\0b");

        assertRefused(this::find, "TIDEWATCH_STATE", "install the locale C.UTF-8");
    }

    @Test
    void refusesToGuessAStateFolder() {
        environment.remove("HOME");

        assertRefused(this::find, "TIDEWATCH_STATE", folder.resolve("var").toString());
    }

    private Places find() throws LaunchException {
        return Places.find(home.toString(), environment, folder.resolve("var"));
    }

    private Path made(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static void assertRefused(ThrowingCallable call, String... says) {
        assertThatExceptionOfType(LaunchException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCode.BAD_START_CONFIGURATION))
                .satisfies(e -> assertThat(e.getMessage()).contains(says));
    }
}
