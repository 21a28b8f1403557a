package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.DeliveryOutcome.Rejection;
import io.tidewatch.api.store.Slice;
import io.tidewatch.uploader.victoriametrics.answer.Answer;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.encoding.Chunk;
import io.tidewatch.uploader.victoriametrics.encoding.Piece;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the bad samples for which the server refuses requests, by bisection. A sample is bad if it is refused alone, then
 * once more, and the server accepted another one in between: a server that refuses everything has another reason. Where
 * nothing else is accepted in between, a sample that the server accepted earlier is sent again for that.
 *
 * <p>It goes on as long as the permit and the budget of requests allow. What is left stays pending; its series are suspects
 * from then on. Of a series of which 20 samples are bad and none good, a line is bad if its newest sample is.
 *
 * <p>Used once, by one thread.
 */
final class BadSampleSearch {
    /** The reason of the rejection of a sample that was refused itself. */
    static final String REASON = "refused_by_server";

    /** The reason of the rejection of a sample whose series is refused. */
    static final String SERIES_REASON = "refused_series";

    private static final Logger LOG = LoggerFactory.getLogger(BadSampleSearch.class);

    /** Bad samples that are confirmed together, so that one good sample is enough for all of them. */
    private static final int TOGETHER = 8;

    /** A sample that was refused alone, and what is rejected if it is refused once more. */
    private record Unconfirmed(Slice sample, Slice rejected, String reason) {}

    private final ChunkPost post;
    private final ChunkPost.Address address;
    private final int index;
    private final SuspectSeries suspects;
    private final RefusedSamples.GoodSample good;
    private final PriorityQueue<Piece> pieces;
    private final List<Slice> accepted = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Unconfirmed> unconfirmed = new ArrayList<>();
    private final boolean thorough;
    private int budget;
    private boolean acceptedSince;
    private boolean progressed;
    private boolean halted;
    private boolean refusesAll;
    private boolean left;
    private @Nullable Failure failure;

    BadSampleSearch(
            ChunkPost post,
            ChunkPost.Address address,
            int index,
            SuspectSeries suspects,
            RefusedSamples.GoodSample good,
            RefusedSamples.Effort effort) {
        this.post = post;
        this.address = address;
        this.index = index;
        this.suspects = suspects;
        this.good = good;
        this.budget = effort.requests;
        this.thorough = effort == RefusedSamples.Effort.THOROUGH;
        Comparator<Piece> bySize = Comparator.comparingInt(Piece::size);
        // The largest first finds most good samples with few requests, the smallest first proves bad ones soonest.
        this.pieces = new PriorityQueue<>(thorough ? bySize : bySize.reversed());
    }

    /** Adds lines of which the server refused a request. */
    void add(List<Slice> lines) {
        pieces.add(new Piece(lines, true));
    }

    /** Searches until all is known, or permit or budget is over. The lines of refused series were not sent yet. */
    void run(List<Slice> refusedSeries) throws InterruptedException {
        boolean all = drain();
        for (Slice line : refusedSeries) {
            all = all && goesOn() && newest(line) && drain();
        }
        left |= !all;
        for (Piece piece : pieces) {
            piece.lines().forEach(line -> suspects.add(line.samples().series()));
        }
        confirm();
    }

    private boolean drain() throws InterruptedException {
        Piece piece = pieces.peek();
        while (piece != null && goesOn()) {
            pieces.remove(piece);
            if (!refused(piece)) {
                pieces.add(piece);
                return false;
            }
            piece = pieces.peek();
        }
        return piece == null;
    }

    /** Adds the results to the progress of the delivery. */
    void report(DeliveryProgress progress, Instant time) {
        progress.accepted(index, time, accepted);
        progress.rejected.addAll(rejected);
        progress.halted |= halted;
        progress.left |= left || !unconfirmed.isEmpty();
        if (failure != null) {
            progress.failed(failure, failure.retryAfter());
        }
    }

    private boolean goesOn() {
        return failure == null && !halted && !left;
    }

    /** Searches a refused piece; false if the search ends with it. */
    private boolean refused(Piece piece) throws InterruptedException {
        Slice line = piece.lines().get(0);
        if (piece.lines().size() == 1) {
            if (line.size() == 1) {
                return refusedAlone(new Unconfirmed(line, line, REASON));
            }
            if (suspects.isRefused(line.samples().series())) {
                return newest(line);
            }
            if (suspects.isBadSoFar(line.samples().series())) {
                return oneByOne(line);
            }
        }
        List<Piece> halves = piece.halves();
        Answer first = send(halves.get(0).lines());
        if (Answer.isRefusal(first)) {
            pieces.add(halves.get(0));
        }
        // If it is not the first half it is the second; a single sample is refused itself.
        Answer second = first instanceof Accepted && halves.get(1).size() > 1
                ? first
                : send(halves.get(1).lines());
        if (Answer.isRefusal(second) || second == first) {
            pieces.add(halves.get(1));
        }
        return (Answer.isRefusal(first) || first instanceof Accepted)
                && (Answer.isRefusal(second) || second instanceof Accepted);
    }

    /** Asks about a line of a refused series by its newest sample. */
    private boolean newest(Slice line) throws InterruptedException {
        if (line.size() == 1 || !suspects.isRefused(line.samples().series())) {
            return whole(line);
        }
        Slice newest = new Slice(line.samples(), line.to() - 1, line.to());
        Answer answer = send(List.of(newest));
        if (Answer.isRefusal(answer)) {
            return refusedAlone(new Unconfirmed(newest, line, SERIES_REASON));
        }
        if (answer instanceof Accepted) {
            suspects.sampleAccepted(line.samples().series());
            return whole(new Slice(line.samples(), line.from(), line.to() - 1));
        }
        return false;
    }

    private boolean whole(Slice line) throws InterruptedException {
        Answer answer = send(List.of(line));
        if (Answer.isRefusal(answer)) {
            pieces.add(new Piece(List.of(line), false));
        }
        return Answer.isRefusal(answer) || answer instanceof Accepted;
    }

    /** One request for each sample: bisection needs two where most are bad. */
    private boolean oneByOne(Slice line) throws InterruptedException {
        for (int i = line.from(); i < line.to(); i++) {
            if (suspects.isRefused(line.samples().series())) {
                return newest(new Slice(line.samples(), i, line.to()));
            }
            Slice sample = new Slice(line.samples(), i, i + 1);
            Answer answer = send(List.of(sample));
            if (answer instanceof Accepted) {
                suspects.sampleAccepted(line.samples().series());
            } else if (!Answer.isRefusal(answer) || !refusedAlone(new Unconfirmed(sample, sample, REASON))) {
                return false;
            }
        }
        return true;
    }

    private boolean refusedAlone(Unconfirmed sample) throws InterruptedException {
        unconfirmed.add(sample);
        // From here on the server may refuse everything.
        acceptedSince = false;
        return unconfirmed.size() < TOGETHER || confirm();
    }

    private boolean confirm() throws InterruptedException {
        if (unconfirmed.isEmpty()) {
            return true;
        }
        if (failure != null || refusesAll || (!acceptedSince && !isAccepting())) {
            return false;
        }
        while (!unconfirmed.isEmpty()) {
            Unconfirmed next = unconfirmed.get(0);
            Answer answer = post.post(List.of(next.sample()), index, address);
            budget--;
            if (answer instanceof Failure refusal && Answer.isRefusal(answer)) {
                LOG.debug("{} is quarantined: {}", next.rejected(), refusal.message());
                rejected.add(new Rejection(next.rejected(), next.reason()));
                suspects.proven(next.sample().samples().series());
                progressed = true;
            } else if (answer instanceof Accepted) {
                accepted.add(next.sample());
                suspects.sampleAccepted(next.sample().samples().series());
                left |= next.rejected().size() > 1;
            } else {
                failure = answer instanceof Failure other ? other : failure;
                left = true;
                return false;
            }
            unconfirmed.remove(0);
        }
        return true;
    }

    /** Whether the server accepts a sample now that it has accepted before. */
    private boolean isAccepting() {
        Optional<Slice> sample = good.get();
        if (sample.isEmpty()) {
            left = true;
            return false;
        }
        budget--;
        Answer answer = post.post(List.of(sample.get()), index, address);
        refusesAll = Answer.isRefusal(answer);
        left |= !(answer instanceof Accepted);
        failure = answer instanceof Failure other && !Answer.isRefusal(answer) ? other : failure;
        return answer instanceof Accepted;
    }

    /** @return null if it was not sent: something changed, or the turn or the budget is over */
    private @Nullable Answer send(List<Slice> lines) throws InterruptedException {
        Permit.Next next = address.permit().next();
        halted |= next == Permit.Next.HALT;
        left |= budget <= 0 || (next == Permit.Next.YIELD && (progressed || !thorough));
        if (!goesOn()) {
            return null;
        }
        budget--;
        Answer answer = post.post(lines, index, address);
        if (answer instanceof Accepted) {
            accepted.addAll(lines);
            good.accepted(lines);
            acceptedSince = true;
            progressed = true;
        } else if (answer instanceof Partial partial) {
            accepted.addAll(new Chunk(index, lines).first(partial.samples()));
            left = true;
        } else if (answer instanceof Failure other && !Answer.isRefusal(answer)) {
            failure = other;
        }
        return answer;
    }
}
