package io.tidewatch.uploader.victoriametrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private final Reply reply = new Reply(
            400, null, null, List.of(), null, true, "cannot find the provided auth token \"Bearer s3cret\" in config");

    @Test
    void hidesWhatAServerRepeats() {
        assertThat(reply.without(List.of("other", "s3cret")).text())
                .isEqualTo("cannot find the provided auth token \"Bearer (hidden)\" in config");
    }

    @Test
    void leavesOthersAlone() {
        assertThat(reply.without(List.of("other", "in", ""))).isSameAs(reply);
    }
}
