package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.http.Sending;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of a moving device to its server over a day, in the time of a {@link Rig}: outages of 5 seconds to 5 minutes, an
 * hour of them together, half of them with other routes afterwards; three captive portals of ten minutes; one request in
 * five stalls, and of these the server has received every second one.
 */
final class MobileLink implements Sending {
    static final Duration DAY = Duration.ofDays(1);

    private static final Duration ALL_OUTAGES = Duration.ofHours(1);
    private static final Duration PORTAL = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final double BYTES_PER_SECOND = 100_000;
    private static final int PERCENT_STALLED = 20;
    private static final int HEAD = 300;

    /** When a kernel repeats the first packet of a connection. */
    private static final int[] SYN_SECONDS = {0, 1, 3, 7, 15, 31};

    private record Gap(Instant begin, Instant end, boolean portal, boolean newRoutes) {
        boolean contains(Instant time) {
            return !time.isBefore(begin) && time.isBefore(end);
        }
    }

    final Set<ReceivedSample> received = new HashSet<>();
    final List<Duration> ages = new ArrayList<>();
    int requests;
    int stalled;
    int portals;
    long bytes;

    private final Rig rig;
    private final Random random;
    private final List<Gap> gaps = new ArrayList<>();
    private boolean connected;
    private Instant upSince;
    private Instant newest;

    MobileLink(Rig rig, Random random) {
        this.rig = rig;
        this.random = random;
        this.upSince = rig.now;
        this.newest = rig.now;
        List<Duration> lengths = new ArrayList<>();
        Duration left = ALL_OUTAGES;
        while (left.compareTo(Duration.ofSeconds(5)) > 0) {
            Duration next = Duration.ofSeconds(5 + random.nextInt(296));
            lengths.add(next.compareTo(left) < 0 ? next : left);
            left = left.minus(next);
        }
        // One in each part of the day, the portals among them.
        int parts = lengths.size() + 3;
        Duration part = DAY.dividedBy(parts);
        for (int i = 0; i < parts; i++) {
            boolean portal = i % (parts / 3) == 1 && i / (parts / 3) < 3;
            Duration length = portal || lengths.isEmpty() ? PORTAL : lengths.remove(0);
            long room = part.minus(length).toMillis() - 120_000;
            Instant begin = rig.now.plus(part.multipliedBy(i)).plusMillis(60_000 + (long) (random.nextDouble() * room));
            gaps.add(new Gap(begin, begin.plus(length), portal, !portal && random.nextBoolean()));
            portals += portal ? 1 : 0;
        }
    }

    /** Time has passed: a gap may have begun or ended. */
    void passed() {
        for (Gap gap : gaps) {
            if (!rig.now.isBefore(gap.end()) && gap.end().isAfter(upSince)) {
                age(gap.begin());
                upSince = gap.end();
                rig.network += gap.newRoutes() ? 1 : 0;
            }
        }
    }

    @Override
    public Reply post(UploaderSettings settings, Optional<String> deviceId, byte[] body, int length)
            throws IOException {
        connected = false;
        Instant start = rig.now;
        Instant deadline = start.plus(settings.timeout());
        Instant open = connect(start, deadline);
        connected = true;
        requests++;
        bytes += HEAD + length;
        Gap gap = gapAt(open);
        if (gap != null && gap.portal()) {
            pass(Duration.ofMillis(200));
            return new Reply(200, "text/html", null, List.of(), null, false, "<html><title>Log in</title></html>");
        }
        boolean stalls = random.nextInt(100) < PERCENT_STALLED;
        Duration needed = Duration.ofMillis(100 + random.nextInt(700) + (long) (1000 * length / BYTES_PER_SECOND));
        Instant arrival = open.plus(needed);
        boolean cut = gapAt(arrival) != null;
        if (stalls || cut || arrival.isAfter(deadline)) {
            stalled++;
            if (stalls && !cut && random.nextBoolean()) {
                // It is the answer that is lost.
                until(arrival.isBefore(deadline) ? arrival : deadline);
                take(body, length);
            }
            until(deadline);
            throw new SocketTimeoutException("stalled");
        }
        until(arrival);
        take(body, length);
        return new Reply(204, null, null, List.of(), null, true, "");
    }

    @Override
    public int headBytes() {
        return HEAD;
    }

    @Override
    public boolean connected() {
        return connected;
    }

    /** Waits for a connection, as TCP does it; the watch over routes ends that. */
    private Instant connect(Instant start, Instant deadline) throws IOException {
        Gap gap = gapAt(start);
        if (gap == null || gap.portal()) {
            return start;
        }
        if (gap.newRoutes() && gap.end().plus(LOOK).isBefore(deadline)) {
            until(gap.end().plus(LOOK));
            throw new IOException("the network of this device changed");
        }
        for (int seconds : SYN_SECONDS) {
            Instant repeated = start.plusSeconds(seconds);
            if (repeated.isBefore(deadline) && gapAt(repeated) == null) {
                until(repeated);
                return repeated;
            }
        }
        until(deadline);
        throw new SocketTimeoutException("no connection");
    }

    private void take(byte[] body, int length) throws IOException {
        Instant last = Instant.EPOCH;
        for (ReceivedSample sample : ImportLines.decodeGzip(Arrays.copyOf(body, length))) {
            received.add(sample);
            Instant time = Instant.ofEpochMilli(sample.timestamp());
            last = time.isAfter(last) ? time : last;
        }
        if (last.isAfter(newest)) {
            age(rig.now);
            newest = last;
        }
    }

    /** How old the newest sample at the server had become, or how long there was none since the link is up. */
    private void age(Instant time) {
        Instant since = newest.isAfter(upSince) ? newest : upSince;
        ages.add(Duration.between(since, time));
    }

    private @Nullable Gap gapAt(Instant time) {
        return gaps.stream().filter(gap -> gap.contains(time)).findFirst().orElse(null);
    }

    private void until(Instant time) {
        if (time.isAfter(rig.now)) {
            pass(Duration.between(rig.now, time));
        }
    }

    private void pass(Duration duration) {
        rig.advance(duration);
    }
}
