package io.tidewatch.config;

import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A profile: shipped .cfg files whose values hold for every key that the .cfg files of the configuration folder do not set. The
 * folder names its profile in the file {@value #FILE}; nothing of the profile is copied into the folder. A file of the profile
 * without values starts a component that needs a file.
 *
 * <p>Immutable. Works without the framework.
 */
public final class Profile {
    /** Name of the file in the configuration folder that names the profile. */
    public static final String FILE = "profile";

    /** Named in place of a profile: there is none, and none is proposed. */
    public static final String NONE = "none";

    private static final String SHELF = "lib/profiles";
    private static final List<String> UNIT_FILES = List.of(".conf", ".service");

    private final Path shelf;
    private final SortedMap<String, CfgFile> files = new TreeMap<>();
    private final List<Path> unitFiles = new ArrayList<>();

    private Profile(Path shelf) throws IOException {
        this.shelf = shelf;
        for (Path file : new WatchedFolder(shelf).list("*")) {
            if (file.toString().endsWith(PidOfFile.ENDING)) {
                files.put(fileName(file), CfgFile.parse(CfgFile.bytes(file)));
            } else if (UNIT_FILES.stream().anyMatch(file.toString()::endsWith)) {
                unitFiles.add(file);
            }
        }
    }

    /**
     * A value of the profile.
     *
     * @param key empty: the file sets none
     * @param own what the file of the configuration folder sets in place of it, as written; null: nothing, so that the value of
     *     the profile holds
     */
    public record Setting(String file, String key, String value, @Nullable String own) {}

    /**
     * Returns the names of the shipped profiles, sorted.
     *
     * @param home the installation; null: it is not known, and there are none
     */
    public static Set<String> names(@Nullable String home) throws IOException {
        if (home == null) {
            return Set.of();
        }
        try {
            return new WatchedFolder(Path.of(home, SHELF))
                    .list("*").stream()
                            .filter(Files::isDirectory)
                            .map(Profile::fileName)
                            .collect(Collectors.toCollection(TreeSet::new));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Set.of();
        }
    }

    /** Reads a shipped profile; empty if there is none of the name, or the installation is not known (null). */
    public static Optional<Profile> find(@Nullable String home, String name) throws IOException {
        if (home == null || !names(home).contains(name)) {
            return Optional.empty();
        }
        return Optional.of(new Profile(Path.of(home, SHELF, name)));
    }

    /** Returns the name in a file {@value #FILE}: its first line that is neither blank nor a comment. Empty if it has none. */
    static Optional<String> named(byte[] content) {
        if (CfgFile.isEmptied(content)) {
            return Optional.empty();
        }
        return new String(content, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst();
    }

    /** Returns the name that the file {@value #FILE} of a configuration folder has; empty if there is no file, or no name in it. */
    public static Optional<String> chosen(Path folder) throws IOException {
        return file(folder).flatMap(Profile::named);
    }

    /**
     * Whether the file {@value #FILE} of a configuration folder is there and has not even a comment, as after a power cut: an agent
     * that knew it before keeps its profile.
     */
    public static boolean isEmptied(Path folder) throws IOException {
        return file(folder).filter(CfgFile::isEmptied).isPresent();
    }

    /** Reads the file {@value #FILE} of a configuration folder; empty if there is none. */
    static Optional<byte[]> file(Path folder) throws IOException {
        return CfgFile.content(folder.resolve(FILE));
    }

    public String name() {
        return fileName(shelf);
    }

    /** Returns the drop-ins and units of systemd that belong to the profile; the operator installs them. */
    public List<Path> unitFiles() {
        return List.copyOf(unitFiles);
    }

    /** Returns what the profile sets in a configuration folder, file by file. Files that are not used there are left out. */
    public List<Setting> settings(Path folder) throws IOException {
        Set<String> present = cfgFiles(folder);
        List<Setting> settings = new ArrayList<>();
        for (Map.Entry<String, CfgFile> file : used(present).entrySet()) {
            String name = file.getKey();
            Map<String, String> own = CfgFile.content(folder.resolve(name))
                    .map(CfgFile::parse)
                    .orElse(CfgFile.EMPTY)
                    .values();
            Map<String, String> values = file.getValue().values();
            values.forEach((key, value) -> settings.add(new Setting(name, key, value, own.get(key))));
            if (values.isEmpty() && !present.contains(name)) {
                settings.add(new Setting(name, "", "", null));
            }
        }
        return settings;
    }

    /** Returns names of files of the profile that are not used in a folder, because it has files of instances of that PID. */
    public List<String> unused(Path folder) throws IOException {
        List<String> unused = new ArrayList<>(files.keySet());
        unused.removeAll(used(cfgFiles(folder)).keySet());
        return unused;
    }

    /** Returns the files that are examined as if they were in a configuration folder, which has none of their names. */
    Set<Path> added(Set<String> present) {
        Set<String> added = used(present).keySet();
        added.removeAll(present);
        return added.stream().map(shelf::resolve).collect(Collectors.toSet());
    }

    /** Returns a file of the configuration folder with the values of the profile for the keys that it does not set. */
    CfgFile under(String fileName, CfgFile own) {
        CfgFile file = files.get(fileName);
        if (file == null) {
            return own;
        }
        Set<String> set = own.values().keySet();
        // In no line of the file that messages are about.
        Stream<CfgFile.Line> others = file.lines().stream()
                .filter(line -> !set.contains(line.key()))
                .map(line -> new CfgFile.Line(0, line.key(), line.value()));
        return new CfgFile(Stream.concat(others, own.lines().stream()).toList(), own.flaws());
    }

    /** A file without an instance would end the instances that the operator has named. */
    private SortedMap<String, CfgFile> used(Set<String> present) {
        Set<String> named = present.stream()
                .map(PidOfFile::parse)
                .filter(pid -> pid.instance() != null)
                .map(PidOfFile::pid)
                .collect(Collectors.toSet());

        SortedMap<String, CfgFile> used = new TreeMap<>(files);
        used.keySet().removeIf(file -> {
            PidOfFile pid = PidOfFile.parse(file);
            return pid.instance() == null && named.contains(pid.pid()) && !present.contains(file);
        });
        return used;
    }

    static Set<String> cfgFiles(Path folder) throws IOException {
        Set<String> names = new HashSet<>();
        new WatchedFolder(folder).list("[!.]*" + PidOfFile.ENDING).forEach(file -> names.add(fileName(file)));
        return names;
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }
}
