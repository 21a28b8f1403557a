package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ReceivedSample;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that arrives too slowly, or is too large, is sent in smaller ones, and no sample is suspected for it. */
final class LateRequestTest {
    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    static Stream<Fault> answers() {
        return Stream.of(Fault.LATE_408, Fault.LATE_400, Fault.UNREAD_400, Fault.TOO_LARGE_413);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void whatArrivesTooSlowlyIsSentInSmallerRequests(Fault answer) throws Exception {
        for (int pass = 0; pass < 300; pass++) {
            rig.append(Rig.NOW.minusSeconds(7200 - pass), Priority.NORMAL, 100);
        }
        rig.receiver.byDefault(Fault.over(3000, answer));
        rig.drain();

        rig.assertAllDelivered();
        assertThat(rig.receiver.requests().stream()
                        .filter(request -> request.samples().isEmpty()))
                .as("requests until the size is learnt, and none after that")
                .hasSizeBetween(1, 2);
        assertThat(rig.health().message()).isEqualTo("uploads work");

        int before = rig.receiver.requests().size();
        rig.append(rig.now, Priority.NORMAL, 10);
        rig.cycle();
        assertThat(rig.receiver.requests()).hasSize(before + 1);
    }

    static Stream<Fault> lateAnswers() {
        return answers().filter(answer -> answer != Fault.TOO_LARGE_413);
    }

    @ParameterizedTest
    @MethodSource("lateAnswers")
    void noSampleIsSuspectedBecauseOfIt(Fault answer) throws Exception {
        rig.configure("chunk.size", "1", "line.values", "1");
        // One series does not arrive, in whatever request, as on a link that stalls; others do.
        rig.append(rig.now, Priority.NORMAL, 4);
        rig.receiver.refuse(LateRequestTest::isOne, answer);
        for (int i = 0; i < 15; i++) {
            rig.cycle();
        }
        assertThat(rig.list.quarantined()).isEmpty();

        rig.receiver.refuse(sample -> false, answer);
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void aTextOfASampleIsNoAdvice() throws Exception {
        rig.configure("chunk.size", "1");
        rig.append(rig.now, Priority.NORMAL, 2);
        for (String quoted : List.of(
                "cannot parse metric \"http_timeout_total\"",
                "invalid label value \"unexpected EOF\" in line \"{\\\"auth token\\\"}\"",
                "bad line `missing route`",
                "bad line {\"metric\":{\"__name__\":\"i/o timeout\"}}")) {
            rig.receiver.refuse(LateRequestTest::isOne, Fault.badRequest(quoted));
            rig.append(rig.now, Priority.NORMAL, 2);
            rig.drain();
            assertThat(rig.list.quarantined()).as(quoted).isNotEmpty();
        }
        assertThat(rig.report.figures().failures()).containsOnlyKeys("refused");
    }

    private static boolean isOne(ReceivedSample sample) {
        return "1".equals(sample.labels().get("n"));
    }
}
