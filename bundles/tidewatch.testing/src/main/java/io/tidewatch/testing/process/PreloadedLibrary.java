package io.tidewatch.testing.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Libraries in C that stand before the system's in a process: their path is its {@code LD_PRELOAD}. */
public final class PreloadedLibrary {
    private PreloadedLibrary() {}

    /**
     * Compiles one; returns its absolute path.
     *
     * @throws IOException if there is no compiler, or the source has a warning
     */
    public static Path compile(Path source, Path library) throws IOException, InterruptedException {
        Process compiler;
        try {
            compiler = new ProcessBuilder(
                            "gcc",
                            "-O2",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-shared",
                            "-fPIC",
                            "-o",
                            library.toString(),
                            source.toAbsolutePath().toString(),
                            "-ldl",
                            "-pthread")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IOException("gcc is missing; ./test installs it (Debian: apt-get install gcc libc6-dev)", e);
        }
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!compiler.waitFor(1, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
            throw new IOException(source + " does not compile:\n" + output);
        }
        return library.toAbsolutePath();
    }
}
