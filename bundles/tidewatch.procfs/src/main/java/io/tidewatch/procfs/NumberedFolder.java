package io.tidewatch.procfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** One of the folders that the kernel numbers, as {@code thermal_zone0} in {@code /sys/class/thermal}. */
public record NumberedFolder(int number, Path path) {
    /** No kernel numbers that far; a longer number is none of its names. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /**
     * The numbered folders of a folder as they are now, by number. Other names are skipped.
     *
     * @param prefix what their names begin with, as {@code thermal_zone}
     * @return empty if the parent does not exist: this kernel or machine does not have it
     * @throws IOException if the parent exists and cannot be listed
     */
    public static List<NumberedFolder> in(Path parent, String prefix) throws IOException {
        List<NumberedFolder> folders = new ArrayList<>();
        for (Path child : ProcFs.list(parent)) {
            int number = numberOf(child.getFileName().toString(), prefix);
            if (number >= 0) {
                folders.add(new NumberedFolder(number, child));
            }
        }
        folders.sort(Comparator.comparingInt(NumberedFolder::number));
        return folders;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    private static int numberOf(String name, String prefix) {
        String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return NUMBER.matcher(number).matches() ? Integer.parseInt(number) : -1;
    }
}
