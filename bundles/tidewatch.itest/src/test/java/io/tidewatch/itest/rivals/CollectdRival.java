package io.tidewatch.itest.rivals;

import io.tidewatch.testing.server.ThrottledLink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** collectd with its plugin write_graphite, a format that VictoriaMetrics takes. */
final class CollectdRival implements Rival {
    private static final String PACKAGE = "collectd-core";

    private final RivalFiles files;
    private final Path folder;
    private final Path program;
    private final ThrottledLink link;
    private final Map<String, String> environment;
    private List<Process> processes = List.of();

    /** @param server where the server takes lines of Graphite; its scheme does not matter */
    CollectdRival(RivalFiles files, Path folder, URI server) throws IOException {
        this.files = files;
        this.folder = folder;
        program = files.file(PACKAGE, "usr/sbin/collectd");
        environment =
                Map.of("LD_LIBRARY_PATH", files.packages().resolve("libraries").toString());
        link = new ThrottledLink(server, Long.MAX_VALUE);
        files.fillIn(
                "collectd.conf",
                Map.of(
                        "folder", folder.toString(),
                        "plugins", files.file(PACKAGE, "usr/lib/collectd").toString(),
                        "types",
                                files.file(PACKAGE, "usr/share/collectd/types.db")
                                        .toString(),
                        "port", Integer.toString(link.url("").getPort())),
                folder.resolve("collectd.conf"));
    }

    @Override
    public String name() {
        return "collectd";
    }

    @Override
    public List<String> programs() throws IOException {
        return List.of("collectd " + files.version(PACKAGE));
    }

    @Override
    public Map<String, Long> installedKb() throws IOException {
        return Map.of("collectd", RivalFiles.kilobytes(files.packages().resolve(PACKAGE)));
    }

    @Override
    public String selector() {
        return "{__name__=~\"collectd[.].*\"}";
    }

    @Override
    public Pattern source() {
        return Pattern.compile("^collectd\\.bench\\.([a-z]+)");
    }

    @Override
    public ThrottledLink link() {
        return link;
    }

    @Override
    public void start() throws IOException {
        processes = List.of(RivalFiles.launch(
                folder,
                "collectd",
                environment,
                List.of(
                        program.toString(),
                        "-f",
                        "-C",
                        folder.resolve("collectd.conf").toString())));
    }

    @Override
    public void stop() throws InterruptedException {
        RivalFiles.end(processes);
    }

    @Override
    public List<Process> processes() {
        return processes;
    }

    @Override
    public void close() throws IOException {
        processes.forEach(Process::destroyForcibly);
        link.close();
    }
}
