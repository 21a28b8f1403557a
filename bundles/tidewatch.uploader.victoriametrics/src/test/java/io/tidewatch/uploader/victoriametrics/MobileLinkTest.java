package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.store.ListStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A day in the life of a device on a mobile network, within seconds. */
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
        assertThat(rig.list.setAside()).isEmpty();
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

    private void remember() {
        for (ListStore.Entry entry : rig.list.entries()) {
            made.add(Samples.onTheWire(entry));
        }
    }
}
