package io.tidewatch.testing.process;

import io.tidewatch.testing.collector.RealMachine;
import java.io.IOException;
import java.nio.file.Path;

/** Libraries in C that stand before the system's in a process: their path is its {@code LD_PRELOAD}. */
public final class PreloadedLibrary {
    private PreloadedLibrary() {}

    /** Compiles one without a warning; returns its absolute path. */
    public static Path compile(Path source, Path library) throws IOException, InterruptedException {
        String target = library.toAbsolutePath().toString();
        try {
            RealMachine.run(
                    "gcc",
                    "-O2",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-shared",
                    "-fPIC",
                    "-o",
                    target,
                    source.toString(),
                    "-ldl",
                    "-pthread");
        } catch (IOException e) {
            throw new IOException("gcc is missing; ./test installs it (Debian: apt-get install gcc libc6-dev)", e);
        }
        return Path.of(target);
    }
}
