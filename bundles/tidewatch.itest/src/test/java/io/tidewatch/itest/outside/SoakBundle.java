package io.tidewatch.itest.outside;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Puts jars into the deploy folder of an agent, each in one step. */
final class SoakBundle {
    private static final String PACKAGE = "io/tidewatch/itest/outside/";
    private static final String COMPONENT = "OSGI-INF/soak.xml";
    private static final String NAME = "tidewatch.collector.soak";

    private SoakBundle() {}

    /**
     * A bundle with {@link SoakCollector} alone, as the collector {@code soak}.
     *
     * @param series how many series it has
     * @param journal where it notes its passes
     */
    static void deploy(AgentProcess agent, int series, Duration interval, Path journal) throws IOException {
        if (series < 1 || series > SoakCollector.MOST_SERIES) {
            throw new IllegalArgumentException(
                    series + " samples per pass; a pass has 1 to " + SoakCollector.MOST_SERIES);
        }
        Map<String, byte[]> entries = new TreeMap<>();
        String className = SoakCollector.class.getSimpleName() + ".class";
        try (InputStream in = SoakCollector.class.getResourceAsStream(className)) {
            entries.put(PACKAGE + className, in.readAllBytes());
        }
        entries.put(
                PACKAGE + SoakCollector.SETTINGS,
                bytes(SoakCollector.SERIES_KEY + "=" + series + "\n" + SoakCollector.JOURNAL_KEY + "=" + journal
                        + "\n"));
        entries.put(
                COMPONENT,
                bytes(
                        """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%1$s" configuration-pid="%1$s">
                  <property name="collector.name" value="soak"/>
                  <property name="collector.interval" value="%2$dms"/>
                  <property name="collector.timeout" value="5s"/>
                  <property name="collector.priority" value="normal"/>
                  <service><provide interface="io.tidewatch.api.collector.Collector"/></service>
                  <implementation class="%3$s"/>
                </scr:component>
                """
                                .formatted(NAME, interval.toMillis(), SoakCollector.class.getName())));
        write(
                agent,
                NAME + ".jar",
                manifest(Map.of(
                        "Bundle-ManifestVersion", "2",
                        "Bundle-SymbolicName", NAME,
                        "Bundle-Version", "1.0.0",
                        "Import-Package", "io.tidewatch.api.collector;version=\"[1.0,2)\"",
                        "Service-Component", COMPONENT,
                        "Require-Capability",
                                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4.0))\"")),
                entries);
    }

    /** A copy of a jar under another version. */
    static void deployVersion(AgentProcess agent, Path jar, String version) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
            write(agent, jar.getFileName().toString(), manifest, entries);
        }
    }

    private static Manifest manifest(Map<String, String> headers) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        return manifest;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(AgentProcess agent, String name, Manifest manifest, Map<String, byte[]> entries)
            throws IOException {
        Path folder = agent.folder("deploy");
        Path draft = folder.resolve("." + name + ".draft");
        try (OutputStream out = Files.newOutputStream(draft);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
