package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** What the page answers while bundles that it needs go and come, and when its .cfg changes. */
class PageTest extends EndpointTest {
    private static final String PID = "tidewatch.page";
    private static final String STORE = "tidewatch.store.sqlite";
    private static final String SERIES = "/api/v1/label/__name__/values";

    @BeforeEach
    void answers() {
        awaitSeries();
    }

    @AfterEach
    void answersInTheEnd() throws Exception {
        agent.requireBundle(STORE).start();
        agent.requireBundle(PID).start();
        agent.configure(PID, "# defaults\n");
        awaitSeries();
    }

    private void awaitSeries() {
        await("the page with series").untilAsserted(() -> {
            assertThat(endpoint.get("/page/").body()).contains("<title>tidewatch</title>");
            assertThat(endpoint.get(SERIES).body()).contains("\"memory_used_bytes\"");
        });
    }

    @Test
    void withoutAStoreItSaysSoAndGoesOnWithTheNextOne() throws Exception {
        Bundle store = agent.requireBundle(STORE);
        store.stop();
        await("the answer without a store").untilAsserted(() -> {
            HealthEndpoint.Answer answer = endpoint.get(SERIES);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("no store is running; start the bundle tidewatch.store.sqlite");
        });
        assertThat(endpoint.get("/page/").status()).as("the page itself").isEqualTo(200);
        store.start();
        awaitSeries();
    }

    @Test
    void withoutTheBundleAllElseIsAnswered() throws Exception {
        Bundle page = agent.requireBundle(PID);
        for (int i = 0; i < 3; i++) {
            page.stop();
            await("no page").until(() -> endpoint.get("/page/").status() == 404);
            assertThat(endpoint.get(SERIES).status()).isEqualTo(404);
            assertThat(endpoint.get("/health/live").status()).isEqualTo(200);
            assertThat(endpoint.get("/metrics").body()).contains("memory_used_bytes");
            page.start();
            awaitSeries();
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("tidewatch-page")))
                .as("query threads, of which those of the ended servlets are gone")
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aNameIsKnownAsSoonAsItIsConfigured() throws Exception {
        assertThat(statusFor("rig.example.org")).isEqualTo(403);
        agent.configure(PID, "hosts = rig.example.org\n");
        await("the name in force").until(() -> statusFor("rig.example.org") == 200);

        agent.configure(PID, "hosts = http://wrong\n");
        endpoint.awaitStatus("degraded", 200, "tidewatch.page.cfg:1: invalid hosts");
        assertThat(statusFor("rig.example.org")).as("the last good value").isEqualTo(200);

        agent.configure(PID, "# defaults\n");
        await("the name forgotten").until(() -> statusFor("rig.example.org") == 403);
        endpoint.awaitStatus("ok", 200, "");
    }

    private int statusFor(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /page/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(line.substring(9));
        }
    }
}
