package io.tidewatch.command.agent;

import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.spi.ToolProvider;

/**
 * Validates .cfg files by the agent's own tool, {@code check}, as {@code tidewatch --check} does.
 *
 * @param folders whose jars validate, and what values may refer to
 */
public record AgentCheck(Folders folders) {
    /**
     * @param result 0: there is no mistake
     * @param complaints {@code <file>[:<line>]: <what is wrong>} each, without the folder
     */
    public record Verdict(int result, List<String> complaints, String output) {}

    /**
     * Validates all .cfg files of a folder. Sets system properties.
     *
     * @return nothing if the installation has nothing to validate with
     */
    public Optional<Verdict> validate(Path folder) throws IOException {
        // The tool knows what a value may refer to.
        folders.properties().forEach(System::setProperty);
        try (URLClassLoader jars =
                new URLClassLoader(jars().toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            return ServiceLoader.load(ToolProvider.class, jars).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(provider -> provider.name().equals("check"))
                    .findFirst()
                    .map(tool -> validate(tool, folder));
        } catch (UncheckedIOException e) {
            // Thrown by the tool.
            throw new IOException(e.getCause());
        }
    }

    private static Verdict validate(ToolProvider tool, Path folder) {
        StringWriter out = new StringWriter();
        int result = tool.run(new PrintWriter(out), new PrintWriter(out), folder.toString());
        String prefix = folder + "/";
        List<String> complaints = out.toString()
                .lines()
                .filter(line -> line.startsWith(prefix) && !line.endsWith(": ok"))
                .map(line -> line.substring(prefix.length()))
                .toList();
        return new Verdict(result, complaints, out.toString());
    }

    private List<URL> jars() throws IOException {
        List<URL> jars = new ArrayList<>();
        add(folders.home().resolve("lib"), jars);
        for (Path level : new WatchedFolder(folders.home().resolve("bundles")).list("*")) {
            add(level, jars);
        }
        add(folders.deploy(), jars);
        return jars;
    }

    private static void add(Path folder, List<URL> jars) throws IOException {
        if (Files.isDirectory(folder)) {
            for (Path jar : new WatchedFolder(folder).list("*.jar")) {
                jars.add(jar.toUri().toURL());
            }
        }
    }
}
