package io.tidewatch.launcher;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bundles that an installation runs, by start level: those of {@code bundles/<level>/} on every system, those of
 * {@code bundles/<level>.<set>/} where that {@link CollectorSet} was chosen.
 */
final class InstalledBundles {
    private static final Pattern LEVEL = Pattern.compile("([1-9]\\d{0,3})(?:\\.(.+))?");

    private InstalledBundles() {}

    /**
     * Lists the jars of every level, in the order of their names. Folders of other names are skipped.
     *
     * @throws LaunchException with {@link ExitCode#BAD_START_CONFIGURATION} if it cannot be read, has no bundles, or
     *     does not have the set
     */
    static SortedMap<Integer, List<Path>> byLevel(Path folder, CollectorSet wanted) throws LaunchException {
        SortedMap<Integer, List<Path>> levels = new TreeMap<>();
        Set<String> sets = new TreeSet<>();
        try {
            for (Path child : new WatchedFolder(folder).list("*")) {
                Matcher name = LEVEL.matcher(child.getFileName().toString());
                if (!name.matches()) {
                    continue;
                }
                String set = name.group(2);
                if (set != null) {
                    sets.add(set);
                }
                if (set == null || set.equals(wanted.label())) {
                    levels.computeIfAbsent(Integer.valueOf(name.group(1)), level -> new ArrayList<>())
                            .addAll(new WatchedFolder(child).list("*.jar"));
                }
            }
        } catch (IOException e) {
            String file = e instanceof FileSystemException failure ? failure.getFile() : folder.toString();
            throw LaunchException.badStart(file + " of the installation cannot be read (" + FileFailure.reason(e)
                    + "). Unpack or install tidewatch again.");
        }
        levels.values().removeIf(List::isEmpty);
        levels.values().forEach(jars -> jars.sort(Comparator.comparing(Path::getFileName)));
        if (levels.isEmpty()) {
            throw LaunchException.badStart(
                    "The installation has no bundles in " + folder + ". Unpack or install tidewatch again.");
        }
        if (!sets.contains(wanted.label())) {
            throw LaunchException.badStart(missing(folder, wanted, sets));
        }
        return levels;
    }

    private static String missing(Path folder, CollectorSet wanted, Set<String> there) {
        return "The collectors '" + wanted.label() + "' are not in this installation: " + folder + " has "
                + (there.isEmpty() ? "none" : "'" + String.join("', '", there) + "'") + ". " + CollectorSet.VARIABLE
                + " chooses among them; where it is not set, Linux runs 'linux' and every other system 'portable'."
                + " 'mvn -Pportable package' builds an installation that has both.";
    }
}
