package io.tidewatch.command;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** The values of the .cfg files as they are written. Whether the agent can use them is judged elsewhere. */
final class CfgValues {
    private CfgValues() {}

    /**
     * The values for a PID, by key; none if it has no file.
     *
     * @throws IOException if the file cannot be read, or is none of that format
     */
    static Map<String, String> read(Path folder, String pid) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve(pid + ".cfg"), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IllegalArgumentException e) {
            throw new IOException(pid + ".cfg has a broken \\u escape", e);
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, properties::getProperty));
    }
}
