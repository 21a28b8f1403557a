package io.tidewatch.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Speaks as the tool {@code check} of an installation does, and dislikes one word. */
public final class CheckStandIn implements ToolProvider {
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
                int number = lines.indexOf("interval = soon") + 1;
                out.println(
                        number == 0
                                ? file + ": ok"
                                : file + ":" + number
                                        + ": interval is 'soon'; accepted: a duration such as 250ms, 30s, 5m, 1h");
                mistakes += number == 0 ? 0 : 1;
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
