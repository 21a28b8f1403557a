package io.tidewatch.itest.outside;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real vmagent that scrapes one page every second and sends what it finds to a server, as job {@code tidewatch}. */
final class VmAgent implements AutoCloseable {
    private final Process process;
    private final Path log;

    /** @throws IOException if it is not installed; tests fail without it, they are not skipped */
    VmAgent(Path folder, int port, URI server) throws IOException {
        Path configuration = Files.writeString(
                folder.resolve("scrape.yml"),
                "global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: tidewatch\n  static_configs:\n"
                        + "  - targets: [\"127.0.0.1:" + port + "\"]\n");
        log = folder.resolve("vmagent.log");
        process = new ProcessBuilder(
                        "vmagent",
                        "-promscrape.config=" + configuration,
                        "-remoteWrite.url=" + server.resolve("/api/v1/write"),
                        "-remoteWrite.tmpDataPath=" + folder.resolve("vmagent"),
                        "-remoteWrite.flushInterval=100ms",
                        "-memory.allowedBytes=64MB",
                        "-httpListenAddr=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** What it printed. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
}
