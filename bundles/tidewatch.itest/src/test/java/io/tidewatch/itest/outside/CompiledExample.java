package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Sources of a page, made into classes and a bundle by the means that the page tells of. */
final class CompiledExample {
    private final Path folder;
    private final Path classes;

    /** @param folder an empty one */
    CompiledExample(Path folder) throws IOException {
        this.folder = folder;
        this.classes = Files.createDirectories(folder.resolve("classes"));
    }

    /** Writes a source. */
    void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** Compiles what was written, with every warning an error, on the class path of the tests. */
    void compile() throws IOException {
        List<Path> sources;
        try (var files = Files.walk(folder)) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertThat(sources).as("sources in " + folder).isNotEmpty();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = new ArrayList<>(List.of("--release", "17", "-Werror", "-proc:none"));
            options.addAll(List.of("-Xlint:all,-processing,-classfile,-path", "-d", classes.toString()));
            options.addAll(List.of("-cp", System.getProperty("java.class.path")));
            boolean compiled = compiler.getTask(
                            complaints, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(complaints.toString()).isTrue();
        }
    }

    /** Makes a bundle of the classes, as bnd's Maven plugin does. */
    Path bundle(String symbolicName, String version, Path contract) throws Exception {
        return bundle(symbolicName, version, contract, Map.of());
    }

    /** The same with more headers or instructions of bnd. */
    Path bundle(String symbolicName, String version, Path contract, Map<String, String> more) throws Exception {
        Path jar = folder.resolve(symbolicName + "-" + version + ".jar");
        try (Builder builder = new Builder()) {
            builder.setClasspath(new Jar[] {new Jar(classes.toFile()), new Jar(contract.toFile())});
            builder.setProperty("Bundle-SymbolicName", symbolicName);
            builder.setProperty("Bundle-Version", version);
            builder.setProperty("-includepackage", symbolicName + ".*");
            more.forEach(builder::setProperty);
            Jar built = builder.build();
            assertThat(builder.getErrors()).isEmpty();
            assertThat(builder.getWarnings()).isEmpty();
            built.write(jar.toFile());
        }
        return jar;
    }
}
