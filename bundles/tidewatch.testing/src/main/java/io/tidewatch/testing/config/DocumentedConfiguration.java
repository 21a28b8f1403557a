package io.tidewatch.testing.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The sample file in {@code config/} and the README of a bundle name every key with its default, and the sample no other.
 * A test of the bundle implements this.
 */
public interface DocumentedConfiguration {
    /** The annotation that Declarative Services fills, with its defaults. */
    Class<?> configuration();

    /** Its PID, which names the sample file. */
    String pid();

    @Test
    default void theSampleListsEveryKeyWithItsDefault() throws IOException {
        List<String> expected = Stream.of(configuration().getDeclaredMethods())
                .map(method -> ("#" + TypedConfiguration.key(method) + " = " + defaultOf(method)).strip())
                .toList();
        List<String> lines = Files.readAllLines(Path.of("../../config", pid() + ".cfg"));
        assertThat(lines.stream()
                        .filter(line -> line.matches("#?[a-z0-9.]+ =.*"))
                        .map(String::strip))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    default void theReadmeListsEveryKeyWithItsDefault() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (Method method : configuration().getDeclaredMethods()) {
            assertThat(readme).contains("| `" + TypedConfiguration.key(method) + "` | `" + defaultOf(method) + "` |");
        }
    }

    private static String defaultOf(Method method) {
        Object value = method.getDefaultValue();
        return value == null ? "" : value.toString();
    }
}
