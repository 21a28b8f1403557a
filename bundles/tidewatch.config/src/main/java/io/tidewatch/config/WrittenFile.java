package io.tidewatch.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
     * stands for something unknown, is left out, so that its default holds. The profile of the folder has values for keys that
     * the file does not set. Values may be secrets.
     *
     * @param properties of the agent, such as {@code tidewatch.state}; null: there is none of the name
     * @return empty if the PID has no file, there or in the profile
     */
    public static Map<String, String> values(Path folder, String pid, Function<String, @Nullable String> properties)
            throws IOException {
        String file = pid + PidOfFile.ENDING;
        CfgFile own = CfgFile.content(folder.resolve(file)).map(CfgFile::parse).orElse(CfgFile.EMPTY);
        Profile profile = profile(folder, properties);
        CfgFile content = profile == null ? own : profile.under(file, own);
        Placeholders placeholders = placeholders(folder, properties);
        Map<String, String> values = new HashMap<>();
        for (CfgFile.Line line : content.lines()) {
            try {
                values.put(line.key(), placeholders.resolve(line.value(), true).text());
            } catch (UnresolvedException e) {
                values.remove(line.key());
            }
        }
        return values;
    }

    /**
     * Returns the PIDs, with the names of instances, of the .cfg files of a folder and of its profile.
     *
     * @param properties of the agent; null: there is none of the name
     */
    public static Set<String> pids(Path folder, Function<String, @Nullable String> properties) throws IOException {
        Set<String> files = Profile.cfgFiles(folder);
        Profile profile = profile(folder, properties);
        if (profile != null) {
            profile.added(files).forEach(file -> files.add(String.valueOf(file.getFileName())));
        }
        Set<String> pids = new TreeSet<>();
        files.forEach(file -> pids.add(file.substring(0, file.length() - PidOfFile.ENDING.length())));
        return pids;
    }

    private static @Nullable Profile profile(Path folder, Function<String, @Nullable String> properties)
            throws IOException {
        Optional<byte[]> chosen = Profile.file(folder);
        return chosen.isEmpty()
                ? null
                : ChosenProfile.Choice.read(chosen.get(), properties.apply("tidewatch.home"))
                        .profile();
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
