package io.tidewatch.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Speaks as the tool {@code check} of an installation does, and dislikes two values. */
public final class CheckStandIn implements ToolProvider {
    private static final Map<String, String> MISTAKES = Map.of(
            "interval = soon",
            "interval is 'soon'; accepted: a duration such as 250ms, 30s, 5m, 1h",
            "chunk.size = 5000",
            "invalid chunk.size \"5000\" (expected a whole number from 1 to 1000)");

    /** Puts it into an installation as its tool. */
    static void installIn(Path home) throws IOException {
        Path jar = Files.createDirectories(home.resolve("bundles/2")).resolve("check.jar");
        String type = CheckStandIn.class.getName();
        String file = type.replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream bytes = CheckStandIn.class.getClassLoader().getResourceAsStream(file)) {
            out.putNextEntry(new JarEntry(file));
            bytes.transferTo(out);
            out.putNextEntry(new JarEntry("META-INF/services/java.util.spi.ToolProvider"));
            out.write(type.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public String name() {
        return "check";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... arguments) {
        int mistakes = 0;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            for (Path file : files.sorted().toList()) {
                List<String> lines = Files.readAllLines(file);
                int before = mistakes;
                for (Map.Entry<String, String> mistake : MISTAKES.entrySet()) {
                    int number = lines.indexOf(mistake.getKey()) + 1;
                    if (number > 0) {
                        out.println(file + ":" + number + ": " + mistake.getValue());
                        mistakes++;
                    }
                }
                if (mistakes == before) {
                    out.println(file + ": ok");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (mistakes > 0) {
            out.println(mistakes + " mistake");
        }
        out.flush();
        return mistakes == 0 ? 0 : 78;
    }
}
