package io.tidewatch.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;

/** An installation of the tests, and the agents started from it, each in a JVM of its own. */
final class Installation implements AutoCloseable {
    private final Path home;
    private final Path state;
    private final Path deploy;
    private final List<Process> agents = new ArrayList<>();

    Installation(Path folder) throws IOException {
        home = Files.createDirectories(folder.resolve("home ü+%41"));
        state = folder.resolve("state");
        deploy = Files.createDirectories(folder.resolve("deploy"));
        Files.createDirectories(home.resolve("config"));
        Files.createDirectories(home.resolve("bundles/6.linux"));
    }

    Path home() {
        return home;
    }

    Path state() {
        return state;
    }

    Path deploy() {
        return deploy;
    }

    /** Adds a bundle of one class. */
    void bundle(int level, String name, Class<? extends BundleActivator> activator, String... headers)
            throws IOException {
        Path folder = Files.createDirectories(home.resolve("bundles/" + level));
        jar(folder.resolve(name + ".jar"), name, activator, headers);
    }

    /** Adds the jar that a class was loaded from. */
    void library(int level, Class<?> ofJar) throws Exception {
        Path jar = Path.of(
                ofJar.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path folder = Files.createDirectories(home.resolve("bundles/" + level));
        Files.copy(jar, folder.resolve(jar.getFileName().toString()));
    }

    /** Puts a bundle of one class, version 1.0.0, into the deploy folder, in one move. */
    Path drop(String name) throws IOException {
        return drop(name, RecordingActivator.class);
    }

    Path drop(String name, Class<? extends BundleActivator> activator, String... headers) throws IOException {
        Path hidden = deploy.resolve("." + name);
        jar(hidden, name, activator, headers);
        return Files.move(hidden, deploy.resolve("dropped-" + name + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What the bundles have written down so far. */
    List<String> events() throws IOException {
        Path events = state.resolve("events");
        return Files.exists(events) ? Files.readAllLines(events) : List.of();
    }

    /** Starts the main program. */
    Process start(String... arguments) throws IOException {
        return start(Map.of("TIDEWATCH_STATE", state.toString(), "TIDEWATCH_DEPLOY", deploy.toString()), arguments);
    }

    Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                // A build in the background of a shell ignores SIGINT, under nohup SIGHUP; so would all that it starts.
                "env",
                "--default-signal=INT,HUP",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dtidewatch.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEWATCH_"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        Process agent = builder.start();
        agents.add(agent);
        return agent;
    }

    @Override
    public void close() throws InterruptedException {
        for (Process agent : agents) {
            agent.destroyForcibly().waitFor();
        }
    }

    private static void jar(Path file, String name, Class<? extends BundleActivator> activator, String... headers)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", name);
        attributes.putValue("Bundle-Version", "1.0.0");
        attributes.putValue("Bundle-Activator", activator.getName());
        attributes.putValue("Import-Package", "org.osgi.framework");
        for (int i = 0; i < headers.length; i += 2) {
            attributes.putValue(headers[i], headers[i + 1]);
        }
        String entry = activator.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream code = activator.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
            jar.closeEntry();
        }
    }
}
