package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.http.Sending;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backlog over links of some hundred bytes per second, in simulated time; {@link SlowLinks} has real ones. */
@Tag("slow")
final class SlowLinkTest {
    private static final int HEAD = 250;
    private static final long FAST = 1_000_000;

    /** @param patience how long the server waits for a body */
    @ParameterizedTest
    @CsvSource({"2000, 60", "300, 60", "150, 60", "2000, 10", "300, 10", "150, 10"})
    void sendsLittleMoreThanOverAFastLink(long bytesPerSecond, long patience) throws Exception {
        long needed = bytesSent(FAST, 60);
        long sent = bytesSent(bytesPerSecond, patience);
        System.out.printf(
                "%,d B/s, server waits %d s: %,d bytes sent, %,d over a fast link, %.2f%n",
                bytesPerSecond, patience, sent, needed, (double) sent / needed);
        assertThat(sent).isLessThanOrEqualTo(needed * 13 / 10);
    }

    private static long bytesSent(long bytesPerSecond, long patience) throws Exception {
        try (Rig rig = new Rig()) {
            rig.store.set(rig.list);
            rig.configure("timeout", "30s");
            Samples.fillBacklog(rig.list, rig.now.minus(Duration.ofHours(6)), new Random(17));
            Link link = new Link(rig, bytesPerSecond, Duration.ofSeconds(patience));
            rig.way = link;
            for (int i = 0; i < 200 && !rig.list.pending().isEmpty(); i++) {
                rig.cycle();
            }
            assertThat(rig.list.pending()).isEmpty();
            assertThat(rig.list.quarantined()).isEmpty();
            assertThat(link.received).hasSize(rig.list.entries().size());
            return link.sent;
        }
    }

    private static final class Link implements Sending {
        private final Rig rig;
        private final long bytesPerSecond;
        private final Duration patience;
        private final Set<ReceivedSample> received = new HashSet<>();
        private long sent;

        Link(Rig rig, long bytesPerSecond, Duration patience) {
            this.rig = rig;
            this.bytesPerSecond = bytesPerSecond;
            this.patience = patience;
        }

        @Override
        public Reply post(UploaderSettings settings, Optional<String> deviceId, byte[] body, int length)
                throws IOException {
            Duration head = duration(HEAD);
            Duration whole = head.plus(duration(length));
            Duration end =
                    head.plus(patience).compareTo(settings.timeout()) < 0 ? head.plus(patience) : settings.timeout();
            if (whole.compareTo(end) > 0) {
                rig.advance(end);
                sent += end.toMillis() * bytesPerSecond / 1000;
                if (end.equals(settings.timeout())) {
                    throw new SocketTimeoutException("late");
                }
                return new Reply(408, null, null, List.of(), null, true, "");
            }
            rig.advance(whole);
            sent += HEAD + length;
            received.addAll(ImportLines.decodeGzip(Arrays.copyOf(body, length)));
            return new Reply(204, null, null, List.of(), null, true, "");
        }

        private Duration duration(int bytes) {
            return Duration.ofMillis(1 + 1000L * bytes / bytesPerSecond);
        }

        @Override
        public int headBytes() {
            return HEAD;
        }

        @Override
        public boolean connected() {
            return true;
        }
    }
}
