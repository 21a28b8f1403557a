package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every PID of the built distribution has a metatype: without one, a misspelt key would go unnoticed. */
class MetatypeIT {
    private static final Pattern CONFIGURED = Pattern.compile("configuration-pid=\"([^\"]+)\"");
    private static final Pattern DESIGNATED = Pattern.compile("<Designate (?:pid|factoryPid)=\"([^\"]+)\"");
    private static final String METATYPE = "OSGI-INF/metatype/";

    @Test
    void everyPidOfAComponentAndEveryShippedFileHasOne() throws IOException {
        Set<String> configured = new TreeSet<>();
        Set<String> designated = new TreeSet<>();
        try (Stream<Path> files = Files.walk(AgentProcess.distribution())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("tidewatch.") && name.endsWith(".jar")) {
                    read(file, configured, designated);
                } else if (name.endsWith(".cfg")) {
                    configured.add(name.replaceFirst("(-.*)?\\.cfg$", ""));
                }
            }
        }
        assertThat(configured).contains("tidewatch.collector.cpu", "org.ops4j.pax.logging");
        assertThat(designated).containsAll(configured);
    }

    private static void read(Path jar, Set<String> configured, Set<String> designated) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml")) {
                    try (InputStream content = file.getInputStream(entry)) {
                        String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
                        boolean metatype = entry.getName().startsWith(METATYPE);
                        Matcher matcher = (metatype ? DESIGNATED : CONFIGURED).matcher(text);
                        while (matcher.find()) {
                            (metatype ? designated : configured).add(matcher.group(1));
                        }
                    }
                }
            }
        }
    }
}
