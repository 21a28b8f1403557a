package io.tidewatch.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Whether the agent can use what stands in the .cfg files; judged by its own tool, {@code check}. */
final class ConfigurationExamination {
    private static final String SUBJECT = "configuration";
    private static final String TOOL = "check";

    private final Folders folders;

    ConfigurationExamination(Folders folders) {
        this.folders = folders;
    }

    void examine(Diagnosis diagnosis) {
        if (!Files.isDirectory(folders.config()) || !Files.isReadable(folders.config())) {
            // Said of the folders.
            return;
        }
        // The tool knows what a value may refer to.
        folders.properties().forEach(System::setProperty);
        try (URLClassLoader jars =
                new URLClassLoader(jars().toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Optional<ToolProvider> tool = ServiceLoader.load(ToolProvider.class, jars).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(provider -> provider.name().equals(TOOL))
                    .findFirst();
            if (tool.isPresent()) {
                judge(tool.get(), diagnosis);
            } else {
                diagnosis.note(
                        SUBJECT,
                        "not examined: the installation " + folders.home() + " has nothing to judge it with",
                        "install tidewatch again");
            }
        } catch (IOException | UncheckedIOException e) {
            diagnosis.note(SUBJECT, "not examined (" + e + ")", "install tidewatch again");
        }
    }

    private void judge(ToolProvider tool, Diagnosis diagnosis) {
        StringWriter out = new StringWriter();
        int result = tool.run(
                new PrintWriter(out), new PrintWriter(out), folders.config().toString());
        String prefix = folders.config() + "/";
        List<String> complaints = out.toString()
                .lines()
                .filter(line -> line.startsWith(prefix) && !line.endsWith(": ok"))
                .map(line -> line.substring(prefix.length()))
                .toList();
        complaints.forEach(complaint ->
                diagnosis.wrong(SUBJECT, complaint, "mend that line; 'tidewatch --check' judges it again"));
        if (complaints.isEmpty() && result != 0) {
            diagnosis.wrong(SUBJECT, out.toString(), "'tidewatch --check' shows it again");
        } else if (complaints.isEmpty()) {
            diagnosis.ok(SUBJECT, "every value in " + folders.config() + " can be used");
        }
    }

    /** As the agent would see them. */
    private List<URL> jars() throws IOException {
        List<URL> jars = new ArrayList<>();
        add(folders.home().resolve("lib"), jars);
        try (Stream<Path> levels = Files.list(folders.home().resolve("bundles"))) {
            for (Path level : levels.sorted().toList()) {
                add(level, jars);
            }
        }
        if (Files.isDirectory(folders.deploy())) {
            add(folders.deploy(), jars);
        }
        return jars;
    }

    private static void add(Path folder, List<URL> jars) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(ConfigurationExamination::url)
                    .forEach(jars::add);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
