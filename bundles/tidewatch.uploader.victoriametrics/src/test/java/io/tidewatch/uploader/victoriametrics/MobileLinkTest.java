package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.http.Sending;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A day in the life of a device on a mobile network, within seconds. */
@Tag("slow")
final class MobileLinkTest {
    private static final int SERIES = 3;
    private static final Duration PASS = Duration.ofSeconds(10);
    private static final Duration KEPT = Duration.ofMinutes(20);

    private final Set<ReceivedSample> made = new HashSet<>();
    private Rig rig;
    private Instant nextPass;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
        rig.store.set(rig.list);
        rig.configure("timeout", "30s", "retry.jitter.percent", "10");
        nextPass = rig.now;
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(ints = 2)
    void nothingIsLostAndFreshSamplesAreNeverOlderThanTwoIntervals(int seed) throws Exception {
        MobileLink link = new MobileLink(rig, new Random(seed));
        rig.way = link;
        Instant end = rig.now.plus(MobileLink.DAY);
        rig.passing = () -> {
            link.passed();
            for (; !nextPass.isAfter(rig.now); nextPass = nextPass.plus(PASS)) {
                rig.appendQuietly(nextPass, Priority.NORMAL, SERIES);
            }
        };
        while (rig.now.isBefore(end)) {
            rig.cycle();
            if (rig.list.entries().size() > 500) {
                remember();
                rig.list.evictHistory(rig.now.minus(KEPT));
            }
        }
        rig.passing = () -> {};
        rig.drain();
        remember();

        assertThat(made).hasSizeGreaterThan(8_600 * SERIES).isSubsetOf(link.received);
        assertThat(rig.list.quarantined()).isEmpty();
        assertThat(link.portals).isEqualTo(3);
        assertThat(link.stalled).as("of " + link.requests + " requests").isGreaterThan(link.requests / 10);
        link.ages.sort(null);
        Duration oldest = link.ages.get(link.ages.size() - 1);
        System.out.printf(
                "mobile day %d: %d requests, %d stalled, %d bytes, newest sample at most %d s old while the link was up%n",
                seed, link.requests, link.stalled, link.bytes, oldest.toSeconds());
        assertThat(oldest)
                .isLessThanOrEqualTo(rig.settings.get().uploadInterval().multipliedBy(2));
    }

    /** As beside a stream that fills the uplink: making a connection alone takes so many seconds, and so does the answer. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 10})
    void aLinkThatBecomesSlowIsUsedAllTheSame(int seconds) throws Exception {
        SlowerLink link = new SlowerLink();
        rig.way = link;
        for (int i = 0; i < 20; i++) {
            link.delay = Duration.ofMillis(50 + 200 * (i % 4));
            rig.append(rig.now, Priority.NORMAL, SERIES);
            rig.cycle();
        }
        assertThat(rig.list.pending()).isEmpty();

        link.delay = Duration.ofSeconds(seconds);
        rig.append(rig.now, Priority.NORMAL, SERIES);
        Instant before = rig.now;
        for (int i = 0; i < 20 && !rig.list.pending().isEmpty(); i++) {
            rig.cycle();
        }
        assertThat(rig.list.pending()).isEmpty();
        assertThat(Duration.between(before, rig.now)).isLessThan(Duration.ofMinutes(6));
    }

    /** Accepts everything, after a while. */
    private final class SlowerLink implements Sending {
        private Duration delay = Duration.ZERO;
        private boolean connected;

        @Override
        public Reply post(UploaderSettings settings, Optional<String> deviceId, byte[] body, int length)
                throws IOException {
            connected = false;
            await(settings.timeout());
            connected = true;
            await(settings.timeout().minus(delay));
            return new Reply(204, null, null, List.of(), null, true, "");
        }

        private void await(Duration left) throws IOException {
            rig.advance(delay.compareTo(left) < 0 ? delay : left);
            if (delay.compareTo(left) >= 0) {
                throw new SocketTimeoutException("late");
            }
        }

        @Override
        public int headBytes() {
            return 300;
        }

        @Override
        public boolean connected() {
            return connected;
        }
    }

    private void remember() {
        for (ListStore.Entry entry : rig.list.entries()) {
            made.add(Samples.onTheWire(entry));
        }
    }
}
