package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/** Who may import whom, read from the manifests of the built distribution. */
class ArchitectureIT {
    private static final Map<String, Attributes> BUNDLES = new TreeMap<>();

    /**
     * Symbolic name (a trailing * stands for any ending): the packages that the bundle may import (likewise) besides
     * java.* and annotations. The first row that fits counts.
     */
    private static final Map<String, List<String>> ALLOWED = new LinkedHashMap<>();

    /** Symbolic name: the library (a trailing * stands for any ending) and the files that are part of the bundle. */
    private static final Map<String, List<String>> EMBEDDED =
            Map.of("tidewatch.jna", List.of("com.sun.jna*"), "tidewatch.page", List.of("com.google.re2j", "page"));

    static {
        allow("tidewatch.api", "io.tidewatch.api.*");
        allow("tidewatch.procfs", "io.tidewatch.procfs");
        // A fragment of the logging library, whose imports it shares.
        allow("tidewatch.logging");
        allow(
                "tidewatch.jsonlines",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.store",
                "io.tidewatch.jsonlines",
                "com.fasterxml.jackson.core*");
        allow(
                "tidewatch.exposition",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.exposition");
        allow("tidewatch.json", "io.tidewatch.json", "com.fasterxml.jackson.core*");
        allow("tidewatch.process", "io.tidewatch.process", "com.sun.jna");
        allow(
                "tidewatch.httpclient",
                "io.tidewatch.api.config",
                "io.tidewatch.httpclient",
                "javax.net",
                "javax.net.ssl");
        allow(
                "tidewatch.collector.scrape",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.exposition",
                "io.tidewatch.httpclient");
        allow(
                "tidewatch.collector.textfile",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.exposition");
        allow(
                "tidewatch.collector.exec",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.exposition",
                "io.tidewatch.json",
                "io.tidewatch.process",
                "org.slf4j");
        allow(
                "tidewatch.collector.modem",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.json",
                "io.tidewatch.process");
        allow(
                "tidewatch.collector.hdmi",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.procfs",
                "io.tidewatch.process");
        allow("tidewatch.collector.clock", "io.tidewatch.api.collector", "com.sun.jna");
        allow(
                "tidewatch.collector.links",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.exposition",
                "io.tidewatch.httpclient",
                "io.tidewatch.json",
                "io.tidewatch.procfs");
        allow(
                "tidewatch.collector.receiver",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.httpclient",
                "io.tidewatch.json");
        allow("tidewatch.jna");
        allow("tidewatch.statvfs", "io.tidewatch.procfs", "com.sun.jna");
        allow(
                "tidewatch.collector.filesystem",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.procfs",
                "org.osgi.service.component",
                "org.slf4j");
        allow(
                "tidewatch.collector.*",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.procfs",
                "org.slf4j");
        allow(
                "tidewatch.device",
                "io.tidewatch.api.config",
                "io.tidewatch.api.device",
                "io.tidewatch.api.health",
                "io.tidewatch.procfs",
                "org.osgi.framework",
                "org.slf4j");
        allow(
                "tidewatch.scheduler",
                "io.tidewatch.api.clock",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.api.device",
                "io.tidewatch.api.store",
                "io.tidewatch.api.health",
                "org.osgi.framework*",
                "org.slf4j");
        allow(
                "tidewatch.store.*",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.api.store",
                "io.tidewatch.api.health",
                "io.tidewatch.jsonlines",
                "com.fasterxml.jackson.core*",
                "javax.sql",
                "org.sqlite*",
                "org.osgi.framework",
                "org.slf4j");
        allow(
                "tidewatch.uploader.*",
                "io.tidewatch.api.clock",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.api.delivery",
                "io.tidewatch.api.device",
                "io.tidewatch.api.store",
                "io.tidewatch.api.health",
                "io.tidewatch.httpclient",
                "io.tidewatch.jsonlines",
                "javax.net.ssl",
                "org.osgi.framework",
                "org.slf4j");
        allow(
                "tidewatch.clockskew",
                "io.tidewatch.api.clock",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.api.delivery",
                "io.tidewatch.api.health",
                "io.tidewatch.api.store",
                "javax.net.ssl",
                "org.osgi.framework",
                "org.slf4j");
        // Reads what bundles carry.
        allow(
                "tidewatch.config",
                "io.tidewatch.api.config",
                "io.tidewatch.api.health",
                "javax.xml.parsers",
                "org.xml.sax*",
                "org.osgi.framework*",
                "org.osgi.service.cm",
                "org.slf4j");
        allow(
                "tidewatch.deploy",
                "io.tidewatch.api.config",
                "io.tidewatch.api.health",
                "org.osgi.framework*",
                "org.osgi.resource",
                "org.osgi.service.component.runtime*",
                "org.slf4j");
        allow(
                "tidewatch.health",
                "io.tidewatch.api.clock",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.api.device",
                "io.tidewatch.api.health",
                "io.tidewatch.api.store",
                "io.tidewatch.health.http",
                "io.tidewatch.jsonlines",
                "com.fasterxml.jackson.core*",
                "jakarta.servlet*",
                "org.apache.felix.http.jetty",
                "org.eclipse.jetty.io",
                "org.eclipse.jetty.server",
                "org.eclipse.jetty.util.component",
                "org.eclipse.jetty.util.thread",
                "org.osgi.framework*",
                "org.osgi.resource",
                "org.osgi.service.cm",
                "org.osgi.service.servlet*",
                "org.slf4j");
        allow(
                "tidewatch.page",
                "io.tidewatch.api.clock",
                "io.tidewatch.api.collector",
                "io.tidewatch.api.config",
                "io.tidewatch.api.health",
                "io.tidewatch.api.store",
                "io.tidewatch.health.http",
                "io.tidewatch.jsonlines",
                "com.fasterxml.jackson.core*",
                "jakarta.servlet*",
                "org.osgi.framework",
                "org.slf4j");
        allow(
                "tidewatch.systemd",
                "io.tidewatch.api.health",
                "com.sun.jna",
                "org.osgi.framework",
                "org.osgi.service.component",
                "org.slf4j");
    }

    /** Bundle: its sub-packages, of which each uses those before it only. Its own package is the last. */
    private static final Map<String, List<String>> ROOMS = Map.of(
            "tidewatch.store.sqlite",
            List.of(
                    "db",
                    "readers",
                    "tables",
                    "delivery",
                    "clock",
                    "retention",
                    "recovery",
                    "migration",
                    "engine",
                    "resilience",
                    "history",
                    "export"),
            "tidewatch.page",
            List.of("door", "query"),
            "tidewatch.command",
            List.of("console", "agent", "tail", "trial", "migrate", "profile", "doctor", "status", "page"),
            "tidewatch.uploader.victoriametrics",
            List.of(
                    "failure",
                    "settings",
                    "timing",
                    "tls",
                    "secrets",
                    "http",
                    "answer",
                    "encoding",
                    "report",
                    "restart",
                    "cycle"));

    @BeforeAll
    static void readTheManifests() throws IOException {
        try (Stream<Path> files = Files.walk(AgentProcess.distribution().resolve("bundles"))) {
            for (Path jar :
                    files.filter(path -> path.toString().endsWith(".jar")).toList()) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    Attributes manifest = file.getManifest().getMainAttributes();
                    String name = manifest.getValue(Constants.BUNDLE_SYMBOLICNAME);
                    if (name != null && name.startsWith("tidewatch.")) {
                        BUNDLES.put(name, manifest);
                    }
                }
            }
        }
    }

    @Test
    void theDistributionHasTheBundlesOfTheHouse() {
        assertThat(BUNDLES.keySet())
                .contains(
                        "tidewatch.api",
                        "tidewatch.procfs",
                        "tidewatch.jsonlines",
                        "tidewatch.exposition",
                        "tidewatch.json",
                        "tidewatch.process",
                        "tidewatch.httpclient",
                        "tidewatch.collector.scrape",
                        "tidewatch.device",
                        "tidewatch.collector.cpu",
                        "tidewatch.collector.memory",
                        "tidewatch.collector.filesystem",
                        "tidewatch.jna",
                        "tidewatch.statvfs",
                        "tidewatch.systemd",
                        "tidewatch.scheduler",
                        "tidewatch.store.sqlite",
                        "tidewatch.uploader.victoriametrics",
                        "tidewatch.clockskew",
                        "tidewatch.deploy",
                        "tidewatch.config",
                        "tidewatch.health",
                        "tidewatch.page",
                        "tidewatch.logging")
                .doesNotContain("tidewatch.testing", "tidewatch.itest", "tidewatch.launcher");
    }

    @Test
    void everyBundleImportsOnlyWhatItsRowAllows() {
        List<String> broken = new ArrayList<>();
        BUNDLES.forEach((bundle, manifest) -> {
            List<String> allowed = allowedFor(bundle);
            for (String imported : packages(manifest.getValue(Constants.IMPORT_PACKAGE))) {
                boolean free = imported.startsWith("java.") || imported.equals("org.jspecify.annotations");
                if (!free && allowed.stream().noneMatch(pattern -> matches(pattern, imported))) {
                    broken.add(bundle + " imports " + imported);
                }
            }
        });
        assertThat(broken).isEmpty();
    }

    @Test
    void onlyTheContractLibrariesAndTheAnswersOfHealthAreExported() {
        assertThat(BUNDLES.entrySet().stream()
                        .filter(bundle -> bundle.getValue().getValue(Constants.EXPORT_PACKAGE) != null)
                        .map(Map.Entry::getKey))
                .containsExactly(
                        "tidewatch.api",
                        "tidewatch.exposition",
                        "tidewatch.health",
                        "tidewatch.httpclient",
                        "tidewatch.jna",
                        "tidewatch.json",
                        "tidewatch.jsonlines",
                        "tidewatch.process",
                        "tidewatch.procfs");
    }

    @Test
    void everyExportHasAVersionAndEveryImportOfOursARange() {
        List<String> broken = new ArrayList<>();
        BUNDLES.forEach((bundle, manifest) -> {
            Predicate<String> versioned = clause -> clause.contains("version=");
            for (String clause : clauses(manifest.getValue(Constants.EXPORT_PACKAGE))) {
                if (!versioned.test(clause)) {
                    broken.add(bundle + " exports " + clause);
                }
            }
            for (String clause : clauses(manifest.getValue(Constants.IMPORT_PACKAGE))) {
                if (clause.startsWith("io.tidewatch.") && !versioned.test(clause)) {
                    broken.add(bundle + " imports " + clause);
                }
            }
        });
        assertThat(broken).isEmpty();
    }

    @Test
    void theBundleNameIsThePackage() {
        BUNDLES.forEach((bundle, manifest) -> {
            List<String> all = new ArrayList<>(packages(manifest.getValue("Private-Package")));
            all.addAll(packages(manifest.getValue(Constants.EXPORT_PACKAGE)));
            assertThat(all)
                    .as(bundle)
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("io." + bundle)
                            || EMBEDDED.getOrDefault(bundle, List.of()).stream()
                                    .anyMatch(pattern -> matches(pattern, name)));
        });
    }

    @Test
    void everyPackageOfABundleUsesOnlyThoseBelowIt() {
        ROOMS.forEach((bundle, rooms) -> {
            String root = "io." + bundle;
            List<String> order = new ArrayList<>();
            rooms.forEach(room -> order.add(root + "." + room));
            order.add(root);
            List<String> broken = new ArrayList<>();
            Set<String> seen = new TreeSet<>();
            for (String line : dependencies(bundle).split("\n", -1)) {
                String[] edge = line.strip().split("\\s+", -1);
                if (edge.length >= 3 && edge[1].equals("->") && edge[0].startsWith(root) && edge[2].startsWith(root)) {
                    seen.add(edge[0]);
                    seen.add(edge[2]);
                    if (order.indexOf(edge[2]) > order.indexOf(edge[0])) {
                        broken.add(edge[0] + " uses " + edge[2]);
                    }
                }
            }
            assertThat(broken).as(bundle).isEmpty();
            assertThat(seen).as("packages of %s", bundle).containsExactlyInAnyOrderElementsOf(order);
        });
    }

    /** What the packages of a bundle use, as jdeps says it. */
    private static String dependencies(String bundle) {
        StringWriter output = new StringWriter();
        try (Stream<Path> files = Files.walk(AgentProcess.distribution());
                PrintWriter writer = new PrintWriter(output)) {
            Path jar = files.filter(path -> path.getFileName().toString().matches(bundle + "(-.*)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
            ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
            int code = jdeps.run(
                    writer,
                    writer,
                    "-verbose:package",
                    "--multi-release",
                    "17",
                    "--ignore-missing-deps",
                    jar.toString());
            assertThat(code).as("%s", output).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return output.toString();
    }

    private static void allow(String bundle, String... packages) {
        ALLOWED.put(bundle, List.of(packages));
    }

    private static List<String> allowedFor(String bundle) {
        return ALLOWED.entrySet().stream()
                .filter(row -> matches(row.getKey(), bundle))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No row for the bundle " + bundle));
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    private static Set<String> packages(String header) {
        Set<String> packages = new TreeSet<>();
        for (String clause : clauses(header)) {
            packages.add(clause.split(";", 2)[0].strip());
        }
        return packages;
    }

    /** Splits a header at the commas outside quotes. */
    private static List<String> clauses(String header) {
        List<String> clauses = new ArrayList<>();
        if (header == null) {
            return clauses;
        }
        StringBuilder clause = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            }
            if (c == ',' && !quoted) {
                clauses.add(clause.toString());
                clause.setLength(0);
            } else {
                clause.append(c);
            }
        }
        clauses.add(clause.toString());
        return clauses;
    }
}
