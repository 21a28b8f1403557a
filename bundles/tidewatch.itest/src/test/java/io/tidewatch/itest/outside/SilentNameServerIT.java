package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.process.PreloadedLibrary;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A name server that does not answer, as behind a captive portal, is named as such, and forgotten when it answers. */
class SilentNameServerIT {
    @Test
    void scrapesAndUploadsNameItAndWorkWhenItAnswers() throws Exception {
        Path folder = AgentProcess.workFolder("silent-name-server");
        try (VictoriaMetrics exporter = VictoriaMetrics.start();
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            Path library = PreloadedLibrary.compile(Path.of("src/test/c/silentdns.c"), agent.folder("silentdns.so"));
            Path silent = agent.folder("silent");
            agent.variable("LD_PRELOAD", library.toString()).variable("SILENTDNS", silent.toString());
            String uploader = "uploader";
            agent.configure(
                    "tidewatch.uploader.victoriametrics",
                    Map.of("url", byName(exporter, "/api/v1/import"), "upload.interval", "2s", "timeout", "1s"));
            agent.start();
            agent.awaitStatus("ok");

            Files.createFile(silent);
            String component = "collector.scrape-exporter";
            agent.configure(
                    "tidewatch.collector.scrape-exporter",
                    Map.of("url", byName(exporter, "/metrics"), "interval", "2s", "timeout", "1s"));
            for (String asking : List.of(component, uploader)) {
                agent.await(
                        "the name server to be named by " + asking,
                        () -> agent.component(asking)
                                .path("message")
                                .asText()
                                .contains(
                                        "no name server has answered in time what the address of localhost is; check the network"));
            }
            assertThat(agent.component(component).path("status").asText()).isEqualTo("degraded");
            assertThat(agent.component(component).path("message").asText()).doesNotContain("hung");
            assertThat(agent.component("collector.load").path("status").asText())
                    .isEqualTo("ok");

            Files.delete(silent);
            agent.await(
                    "the scrape to work",
                    () -> agent.component(component).path("status").asText().equals("ok"));
            agent.await(
                    "uploads to work",
                    () -> agent.component(uploader).path("status").asText().equals("ok"));
            agent.awaitStatus("ok");
            assertThat(agent.stop()).isZero();
        }
    }

    private static String byName(VictoriaMetrics server, String path) {
        return server.url().resolve(path).toString().replace("127.0.0.1", "localhost");
    }
}
