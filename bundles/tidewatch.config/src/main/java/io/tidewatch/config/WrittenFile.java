package io.tidewatch.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of a .cfg file with what they stand for put in, for programs that run beside the agent. They are read as the
 * agent reads them, but not validated. Works without the framework.
 */
public final class WrittenFile {
    private WrittenFile() {}

    /**
     * The values for a PID, by key: of a key that is there twice the last one. A line that cannot be read, and a value that
     * stands for something unknown, is left out, so that its default holds. Values may be secrets.
     *
     * @param folder where the .cfg files are
     * @param properties of the agent, such as {@code tidewatch.state}; null: there is none of the name
     * @return empty if the PID has no file
     * @throws IOException if the file cannot be read
     */
    public static Map<String, String> values(Path folder, String pid, Function<String, @Nullable String> properties)
            throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(folder.resolve(pid + PidOfFile.ENDING));
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        Placeholders placeholders = placeholders(folder, properties);
        Map<String, String> values = new HashMap<>();
        for (CfgFile.Line line : CfgFile.parse(content).lines()) {
            try {
                values.put(line.key(), placeholders.resolve(line.value(), true).text());
            } catch (UnresolvedException e) {
                values.remove(line.key());
            }
        }
        return values;
    }

    /** As the files of a folder may use them, with the environment of this process. */
    static Placeholders placeholders(Path folder, Function<String, @Nullable String> properties) {
        String credentials = System.getenv("CREDENTIALS_DIRECTORY");
        return new Placeholders(
                System.getenv(),
                properties,
                new SecretFolders(folder.resolve("secrets"), credentials == null ? null : Path.of(credentials)));
    }
}
