package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.uploader.victoriametrics.answer.Answer;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.cycle.ChunkPost.Address;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the samples that a server refuses, and when they are searched for the bad ones among them.
 *
 * <p>Not safe for use by several threads.
 */
final class RefusedSamples {
    /** How much of a delivery is spent on the search. */
    enum Effort {
        /** Delivers most good samples. Anything else is left, so that other samples need not wait. */
        QUICK(40),
        /** The same, and lines of refused series: fresh samples are few. */
        LIVE(60),
        /** Until the permit ends, and until something is proven. */
        THOROUGH(Integer.MAX_VALUE);

        /** For a delivery, at most. */
        final int requests;

        Effort(int requests) {
            this.requests = requests;
        }
    }

    /**
     * A sample that the server has accepted. Sent once more it shows whether the server still accepts samples, and harms
     * nothing.
     */
    static final class GoodSample {
        private @Nullable Slice sample;

        void accepted(List<Slice> lines) {
            SeriesSamples samples = lines.get(0).samples();
            int at = lines.get(0).from();
            // A copy: the sample would keep all samples of its delivery in memory.
            sample = new SeriesSamples(
                            samples.series(), new long[] {samples.timestamp(at)}, new double[] {samples.value(at)})
                    .all();
        }

        /** The sample; nothing before the first one. */
        Optional<Slice> get() {
            return Optional.ofNullable(sample);
        }
    }

    /** Samples that are sent alone to see whether the server accepts any. */
    private static final int MOST_TRIES = 3;

    private final ChunkPost post;
    private final Timing timing;
    private final SuspectSeries suspects = new SuspectSeries();
    private final GoodSample good = new GoodSample();
    private boolean refusing;

    RefusedSamples(ChunkPost post, Timing timing) {
        this.post = post;
        this.timing = timing;
    }

    /** Whether a line goes after all others, with its like. */
    boolean isSuspect(Slice line) {
        return suspects.contains(line.samples().series());
    }

    /** Whether a line is of a series that the server refuses: it is not sent before the search. */
    boolean isRefused(Slice line) {
        return suspects.isRefused(line.samples().series());
    }

    /** The server has accepted these whole lines. */
    void accepted(List<Slice> lines) {
        lines.forEach(line -> suspects.cleared(line.samples().series()));
        good.accepted(lines);
        refusing = false;
    }

    /**
     * Whether to send a delivery. A server that refused everything is sent a single sample first, so that it does not get
     * large requests all day which it refuses.
     */
    boolean maySend(DeliveryProgress progress, List<Slice> lines, Address address) {
        return !refusing || isAccepting(progress, lines, 1, address);
    }

    /** Whether the server has refused so much of a delivery, and accepted nothing, that sending the rest is of no use. */
    boolean isHopeless(DeliveryProgress progress) {
        return progress.refused.size() >= MOST_TRIES
                && !progress.proven
                && good.get().isEmpty();
    }

    /** Searches the refused requests of a delivery, and the lines of refused series, which were not sent yet. */
    void search(DeliveryProgress progress, List<Slice> refusedLines, Address address, Effort effort)
            throws InterruptedException {
        List<Slice> alone = effort == Effort.QUICK ? List.of() : refusedLines;
        progress.left |= alone.size() < refusedLines.size();
        if (progress.refused.isEmpty() && alone.isEmpty()) {
            // The server accepted others when it refused these series.
            progress.proven |= progress.left;
            return;
        }
        List<Slice> candidates = new ArrayList<>(alone);
        progress.refused.forEach(refused -> candidates.addAll(refused.chunk().lines()));
        if ((!progress.proven || good.get().isEmpty()) && !isAccepting(progress, candidates, MOST_TRIES, address)) {
            return;
        }
        int index =
                progress.refused.isEmpty() ? 0 : progress.refused.get(0).chunk().index();
        BadSampleSearch search = new BadSampleSearch(post, address, index, suspects, good, effort);
        progress.refused.forEach(refused -> search.add(refused.chunk().lines()));
        search.run(alone);
        search.report(progress, timing.clock().instant());
        if (progress.left && !progress.stopped()) {
            progress.failed(refusal(progress, address), progress.postponement);
        }
    }

    /** Whether the server accepts any sample: one that it has accepted before, or else some of these, each alone. */
    private boolean isAccepting(DeliveryProgress progress, List<Slice> lines, int tries, Address address) {
        List<Slice> tried = good.get().map(List::of).orElseGet(() -> some(lines, tries));
        Answer answer = null;
        for (Slice sample : tried) {
            answer = post.post(List.of(sample), 0, address);
            if (answer instanceof Accepted) {
                // It is sent again with the others: twice does no harm.
                good.accepted(List.of(sample));
            }
            if (!Answer.isRefusal(answer)) {
                break;
            }
        }
        refusing = Answer.isRefusal(answer);
        if (answer instanceof Failure failure) {
            progress.left = true;
            progress.failed(refusing ? ofOne(failure, address.endpoint()) : failure, failure.retryAfter());
            return false;
        }
        progress.proven = true;
        return true;
    }

    /** Some samples, each alone, no matter where. */
    private List<Slice> some(List<Slice> lines, int count) {
        List<Slice> rest = new ArrayList<>(lines);
        List<Slice> some = new ArrayList<>();
        while (some.size() < count && !rest.isEmpty()) {
            Slice line = rest.remove(timing.random().nextInt(rest.size()));
            int at = line.from() + timing.random().nextInt(line.size());
            some.add(new Slice(line.samples(), at, at + 1));
            if (at > line.from()) {
                rest.add(new Slice(line.samples(), line.from(), at));
            }
            if (at + 1 < line.to()) {
                rest.add(new Slice(line.samples(), at + 1, line.to()));
            }
        }
        return some;
    }

    /** The refusal of a single sample, which may be too large for the server. */
    static Failure ofOne(Failure refusal, Endpoint endpoint) {
        return refusal.reason() == Reason.HTTP_413
                ? new Failure(
                        Reason.REFUSED,
                        endpoint.server() + " answers 413 to a single sample: the server refuses it, it stays pending")
                : refusal;
    }

    private static Failure refusal(DeliveryProgress progress, Address address) {
        return progress.refused.isEmpty()
                ? new Failure(
                        Reason.REFUSED,
                        address.endpoint().server()
                                + " refuses samples: the server refuses these samples, they stay pending")
                : progress.refused.get(0).answer();
    }
}
