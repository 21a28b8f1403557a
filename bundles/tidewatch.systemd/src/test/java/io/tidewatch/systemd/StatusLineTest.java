package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    @Test
    void saysWhatIsCollectedPendingAndUploaded() {
        assertThat(StatusLine.running(Reports.healthy().components()))
                .isEqualTo("2 collectors; 12 samples pending; last upload 4 s ago");
    }

    @Test
    void saysWhatIsWrongWithWhom() {
        Reports reports = Reports.healthy()
                .failing("cpu", 10)
                .with("uploader", Health.degraded("token.file: everyone may read it", Map.of("enabled", true)));

        assertThat(StatusLine.running(reports.components()))
                .isEqualTo("2 collectors; 12 samples pending; nothing uploaded yet; collector.cpu error: broken;"
                        + " uploader degraded: token.file: everyone may read it");
    }

    @Test
    void uploadsThatAreOffAreSaidToBe() {
        Reports reports = Reports.healthy().with("uploader", Health.ok("off", Map.of("enabled", false)));

        assertThat(StatusLine.running(reports.components())).endsWith("; uploads are off");
        assertThat(StatusLine.running(reports.without("uploader").components())).endsWith("; uploads are off");
    }

    @Test
    void aMessageCannotSmuggleAnAssignmentIn() {
        Reports reports = Reports.healthy().with("x", Health.error("bad\nMAINPID=1\r", Map.of()));

        assertThat(StatusLine.running(reports.components()))
                .doesNotContain("\n", "\r")
                .endsWith("x error: bad MAINPID=1");
    }

    @Test
    void aLongMessageIsCut() {
        Reports reports = Reports.healthy().with("x", Health.error("y".repeat(5_000), Map.of()));

        assertThat(StatusLine.running(reports.components())).hasSize(400).endsWith("y…");
    }

    @Test
    void aStartSaysWhatItWaitsFor() {
        assertThat(StatusLine.starting(List.of("the store", "HTTP"))).isEqualTo("Starting, waits for the store, HTTP");
    }
}
