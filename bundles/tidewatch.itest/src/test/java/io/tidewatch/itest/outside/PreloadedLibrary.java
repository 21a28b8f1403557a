package io.tidewatch.itest.outside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Libraries in C that stand before the system's in an agent (LD_PRELOAD). */
final class PreloadedLibrary {
    private PreloadedLibrary() {}

    /** Compiles one and gives it to an agent that does not run yet. */
    static void preload(AgentProcess agent, Path source) throws IOException, InterruptedException {
        Path library = agent.folder(source.getFileName().toString().replace(".c", ".so"));
        Process compiler = new ProcessBuilder(
                        "gcc",
                        "-O2",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        source.toString(),
                        "-ldl",
                        "-pthread")
                .inheritIO()
                .start();
        if (!compiler.waitFor(1, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
            throw new IOException(source + " does not compile");
        }
        agent.variable("LD_PRELOAD", library.toAbsolutePath().toString());
    }
}
