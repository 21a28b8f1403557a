package io.tidewatch.itest.rivals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where the others lie unpacked, each Debian package in a folder of its name, and the configuration they get.
 *
 * @param packages folder of the unpacked packages
 * @param configuration folder of the configuration files
 */
record RivalFiles(Path packages, Path configuration) {
    private static final int STOP_SECONDS = 20;

    /** A file of a package. */
    Path file(String packageName, String path) throws IOException {
        Path file = packages.resolve(packageName).resolve(path);
        if (!Files.exists(file)) {
            throw new IOException("The package " + packageName + " holds no " + path
                    + ". Remove its folder and run ./bench rivals again: " + packages.resolve(packageName));
        }
        return file;
    }

    /** Writes a configuration file with what is filled in for {@code @name@}. */
    void fillIn(String name, Map<String, String> values, Path to) throws IOException {
        String text = Files.readString(configuration.resolve(name));
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        Files.writeString(to, text);
    }

    /** Starts a program; what it prints goes to a file in its folder. */
    static Process launch(Path folder, String name, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** SIGTERM to all, and SIGKILL to those that stay. */
    static void end(List<Process> processes) throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
        }
        for (Process process : processes) {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** The upstream version of a package, which lies beside its folder. */
    String version(String packageName) throws IOException {
        return Files.readString(packages.resolve(packageName + ".version"))
                .strip()
                .replaceFirst("[-+].*", "");
    }

    /** What the regular files of a folder, or a file, hold. */
    static long kilobytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes / 1024;
    }
}
