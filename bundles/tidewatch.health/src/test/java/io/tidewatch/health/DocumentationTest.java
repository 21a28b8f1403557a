package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sample configuration and the README name every key with its default, and no other. */
class DocumentationTest {
    @Test
    void theSampleConfigurationListsEveryKeyWithItsDefault() throws IOException {
        List<String> expected = new ArrayList<>();
        for (var method : HealthSettings.Config.class.getDeclaredMethods()) {
            expected.add("#" + key(method.getName()) + " = " + method.getDefaultValue());
        }

        assertThat(Files.readAllLines(Path.of("../../config/tidewatch.health.cfg")).stream()
                        .filter(line -> line.matches("#?[a-z.]+ =.*"))
                        .map(line -> line.endsWith("=") ? line + " " : line))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theReadmeListsEveryKeyWithItsDefault() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        for (var method : HealthSettings.Config.class.getDeclaredMethods()) {
            assertThat(readme).contains("| `" + key(method.getName()) + "` | `" + method.getDefaultValue() + "` |");
        }
    }

    private static String key(String method) {
        return method.replace('_', '.');
    }
}
