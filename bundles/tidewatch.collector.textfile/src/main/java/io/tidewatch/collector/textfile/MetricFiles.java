package io.tidewatch.collector.textfile;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * The entries of a folder whose names end in {@code .prom}, of whatever type; those of its subfolders are not among them.
 *
 * @param files the first in the order of their names
 * @param beyond the first that are beyond {@link #MOST_FILES}
 * @param beyondCount how many are
 */
record MetricFiles(List<Path> files, List<Path> beyond, int beyondCount) {
    /** Files of an instance. */
    static final int MOST_FILES = 200;

    private static final int MOST_NAMED = 5;

    /** Lists a folder, however many entries it has: memory is bounded. */
    static MetricFiles of(Path folder) throws IOException {
        TreeSet<Path> files = new TreeSet<>();
        TreeSet<Path> beyond = new TreeSet<>();
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.prom")) {
            for (Path entry : entries) {
                count++;
                files.add(entry);
                if (files.size() > MOST_FILES) {
                    beyond.add(files.pollLast());
                }
                if (beyond.size() > MOST_NAMED) {
                    beyond.pollLast();
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new MetricFiles(List.copyOf(files), List.copyOf(beyond), count - files.size());
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
