package io.tidewatch.uploader.victoriametrics.restart;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The known starts of the server, and the time since when acknowledgements may still be lost. Its text is a note in the
 * store in use, so that a restart of the server is also found after a restart of the agent.
 *
 * <p>An unknown start is a restart, unless it precedes the first report of all: then another server answers to the same
 * name, and was running all the time. "Precedes" must be true by two clocks, so that one of them may be wrong: by the
 * server's, whose time at a report was start plus uptime, and by that of this device. Behind a load balancer several
 * servers report in turn; which of them was restarted is not known, so that everything is resent since the oldest report
 * of those that may have ended.
 *
 * <p>In a cluster the page is vminsert's. A connection of it to a storage node that broke counts as a restart too.
 *
 * <p>Not safe for use by several threads.
 */
public final class ServerHistory {
    private static final Logger LOG = LoggerFactory.getLogger(ServerHistory.class);

    /** Key of the note in the store. */
    public static final String NOTE = "uploader.server";

    /** Whole seconds on one side, milliseconds on the other, and the way between them. */
    private static final long SLACK_SECONDS = 5;

    private static final int MOST_RUNS = 16;
    private static final Duration UNKNOWN = Duration.ofDays(36_500);
    private static final Pattern LINE = Pattern.compile("-?\\d{1,15} -?\\d{1,12} -?\\d{1,15} \\d{1,15}");

    /**
     * When a server reported its start.
     *
     * @param server seconds since the epoch, by the server's clock
     * @param local milliseconds since the epoch, by the clock of this device
     * @param nanos the same by the monotonic clock of this process
     */
    private record Report(long server, long local, long nanos) {
        /** @return false if the server was certainly running at the time of this report */
        boolean mayPrecede(ServerPage.Start start, long now) {
            return start.second() + SLACK_SECONDS >= server
                    || start.uptime().minusSeconds(SLACK_SECONDS).toNanos() <= now - nanos;
        }
    }

    /**
     * One run of a server: its start in seconds by its own clock, its last report, and the connections to storage nodes that
     * had broken by then. One more means that a storage node may have ended, with what it had in memory.
     */
    private record Run(long start, Report last, long storageErrors) {
        boolean is(ServerPage.Start reported) {
            // An uptime that fell is another run with the same start, by a clock that was set back.
            return reported.second() == start && start + reported.uptime().toSeconds() + SLACK_SECONDS >= last.server();
        }

        /** Whether another run may have started within the same second. */
        boolean wasJustStarted() {
            return last.server() - start <= 1;
        }
    }

    private final List<Run> runs = new ArrayList<>();
    private @Nullable Report first;
    private Instant since = Instant.EPOCH;
    private @Nullable SampleStore store;
    private boolean saved = true;
    private boolean unverified;

    /** Reads the history of a store, unless it is the one in use; returns whether it is known. */
    boolean load(SampleStore current, Timing timing) {
        if (current == store) {
            return true;
        }
        try {
            Optional<String> text = current.note(NOTE);
            read(text.orElse(""), timing.clock().instant(), timing.nanoTime().getAsLong());
            saved = true;
            unverified = !isEmpty();
            store = current;
            return true;
        } catch (StoreException e) {
            LOG.debug("The history of the server cannot be read now; it is read again at the next upload", e);
            return false;
        }
    }

    /** Writes the history if it has changed. */
    void save(SampleStore current) {
        if (saved) {
            return;
        }
        try {
            current.note(NOTE, toString());
            saved = true;
        } catch (StoreException e) {
            // What is stored is older: a restart makes more be resent.
            LOG.debug("The history of the server cannot be written now; it is written at the next upload", e);
        }
    }

    /** Reads the text of {@link #toString}, at a time by this device's clock and the monotonic one; any other is empty. */
    void read(String text, Instant wall, long nanos) {
        runs.clear();
        first = null;
        since = Instant.EPOCH;
        List<String> lines = text.lines().toList();
        if (lines.size() < 2
                || !lines.stream().allMatch(line -> LINE.matcher(line).matches())) {
            return;
        }
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            long local = Long.parseLong(fields[2]);
            // A report in the future: the clock was wrong then or is now, so any time may have passed.
            long elapsed = wall.toEpochMilli() - local;
            Duration age = elapsed < 0 ? UNKNOWN : Duration.ofMillis(elapsed);
            Report report = new Report(Long.parseLong(fields[1]), local, nanos - age.toNanos());
            if (first == null) {
                since = Instant.ofEpochMilli(Long.parseLong(fields[0]));
                first = report;
            } else {
                runs.add(new Run(Long.parseLong(fields[0]), report, Long.parseLong(fields[3])));
            }
        }
    }

    /** Whether it is that of an earlier process, and the server has reported nothing to this one. */
    boolean unverified() {
        return unverified;
    }

    /** Whether no server has reported a start yet. */
    boolean isEmpty() {
        return first == null;
    }

    /** Adds an acknowledgement, which matters only if the clock was set back to before the last report. */
    void acknowledged(Instant time) {
        if (!isEmpty() && time.isBefore(since)) {
            since = time;
            saved = false;
        }
    }

    /**
     * Adds a report.
     *
     * @param connectionLost whether a connection was lost since the last report
     * @param wall when the server was asked, by the clock of this device
     * @param nanos the same by the monotonic clock
     * @return since when acknowledgements may be lost; empty if the server was not restarted
     */
    Optional<Instant> reported(ServerPage.Start start, boolean connectionLost, Instant wall, long nanos) {
        saved = false;
        unverified = false;
        Report report = new Report(start.second() + start.uptime().toSeconds(), wall.toEpochMilli(), nanos);
        List<Run> same = runs.stream().filter(run -> run.is(start)).toList();
        List<Run> ended = same.stream()
                .filter(run -> start.storageErrors() > run.storageErrors() || (connectionLost && run.wasJustStarted()))
                .toList();
        boolean restarted = !ended.isEmpty();
        runs.removeAll(same);
        if (same.isEmpty() && first != null && first.mayPrecede(start, nanos)) {
            restarted = true;
            ended = runs.stream()
                    .filter(run -> run.last().mayPrecede(start, nanos))
                    .toList();
        }
        Optional<Instant> unsafe = Optional.empty();
        if (restarted) {
            long oldest = (ended.isEmpty() ? runs : ended)
                    .stream().mapToLong(run -> run.last().local()).min().orElse(Long.MAX_VALUE);
            unsafe = Optional.of(Instant.ofEpochMilli(Math.min(oldest, since.toEpochMilli())));
            runs.removeAll(ended);
        }
        if (runs.size() == MOST_RUNS) {
            runs.remove(0);
        }
        runs.add(new Run(start.second(), report, start.storageErrors()));
        first = first == null ? report : first;
        since = wall;
        return unsafe;
    }

    /**
     * The text for the store: a line with {@link #since} and the first report, then a line per run with its start and its
     * last report. A report is its time by the server's clock in seconds and by this device's in milliseconds, and the
     * number of broken connections to storage nodes.
     */
    @Override
    public String toString() {
        if (first == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(line(since.toEpochMilli(), first, 0));
        runs.forEach(run -> text.append(line(run.start(), run.last(), run.storageErrors())));
        return text.toString();
    }

    private static String line(long number, Report report, long storageErrors) {
        return number + " " + report.server() + " " + report.local() + " " + storageErrors + "\n";
    }
}
