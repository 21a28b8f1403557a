package io.tidewatch.testing.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real vmauth on a free port of 127.0.0.1 that lets one bearer token through to the imports of a server. It answers
 * as vmauth does: 401 without a token, 400 to a token or a path that it does not know, 502 while the server is down.
 * Not safe for use by several threads.
 */
public final class VmAuth implements AutoCloseable {
    private final URI server;
    private final Path folder;
    private final ServerProcess process;

    private VmAuth(URI server, Path folder, ServerProcess process) {
        this.server = server;
        this.folder = folder;
        this.process = process;
    }

    /** Starts one that lets a path through, and waits until it answers. Tests fail where it is not installed. */
    public static VmAuth start(URI server, String path, String token) throws IOException {
        Path folder = Files.createTempDirectory("vmauth");
        write(folder, server, path, token);
        int port = FreePort.next();
        ServerProcess process = new ServerProcess(
                folder,
                port,
                List.of("vmauth", "-httpListenAddr=127.0.0.1:" + port, "-auth.config=" + folder.resolve("auth.yml")));
        process.start();
        return new VmAuth(server, folder, process);
    }

    /** Where samples are sent to, if that path is let through. */
    public URI url(String path) {
        return process.url(path);
    }

    /** From now on another path and token are let through, and no others. */
    public void allow(String path, String token) throws IOException {
        write(folder, server, path, token);
        process.get("/-/reload");
    }

    @Override
    public void close() throws IOException {
        process.remove();
    }

    private static void write(Path folder, URI server, String path, String token) throws IOException {
        Files.writeString(
                folder.resolve("auth.yml"),
                "users:\n- bearer_token: \"" + token + "\"\n  url_map:\n  - src_paths: [\"" + path
                        + "\"]\n    url_prefix: \"" + server + "\"\n");
    }
}
