package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.uploader.victoriametrics.answer.Answer;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.cycle.ChunkPost.Address;
import io.tidewatch.uploader.victoriametrics.encoding.Chunk;
import io.tidewatch.uploader.victoriametrics.encoding.Chunks;
import io.tidewatch.uploader.victoriametrics.encoding.Lines;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.failure.Reason.Trait;
import io.tidewatch.uploader.victoriametrics.report.LogFields;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.restart.ServerWatch;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.Pause;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deliveries to the server: cuts one into chunks, sends each until it is accepted or its attempts are used up, and
 * reports its outcome to the store once. Samples are named to the store only if the server has accepted them, or never
 * can.
 *
 * <p>Not safe for use by several threads.
 */
public final class ChunkSender {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkSender.class);

    private final ChunkPost post;
    private final UploadReport report;
    private final ServerWatch watch;
    private final Timing timing;
    private RefusedSamples refused;

    public ChunkSender(ChunkPost post, UploadReport report, ServerWatch watch, Timing timing) {
        this.post = post;
        this.report = report;
        this.watch = watch;
        this.timing = timing;
        this.refused = new RefusedSamples(post, timing);
    }

    /**
     * Sends and completes a delivery.
     *
     * @param permit asked before each request
     * @param effort how much is spent on a search for bad samples
     * @throws StoreException if what was accepted could not be completed: it will be sent again
     */
    DeliveryProgress deliver(
            SampleStore store,
            Delivery delivery,
            UploaderSettings settings,
            Permit permit,
            RefusedSamples.Effort effort)
            throws StoreException, InterruptedException {
        DeliveryProgress progress = new DeliveryProgress();
        Address address = new Address(settings, delivery.batchId(), permit);
        Lines lines = Lines.of(delivery, settings.lineValues(post.mostBytes()), watch.limits());
        progress.rejected.addAll(lines.rejected());
        if (lines.deferred() > 0) {
            watch.wantLimits();
            progress.left = true;
            progress.proven = true;
        }
        List<Slice> ordinary = new ArrayList<>();
        List<Slice> suspects = new ArrayList<>();
        List<Slice> refusedSeries = new ArrayList<>();
        for (Slice line : lines.slices()) {
            boolean suspect = refused.isSuspect(line);
            (refused.isRefused(line) ? refusedSeries : suspect ? suspects : ordinary).add(line);
        }
        boolean goesOn = lines.slices().isEmpty() || refused.maySend(progress, lines.slices(), address);
        for (List<Slice> together : List.of(ordinary, suspects)) {
            Chunks chunks = new Chunks(together, settings.chunkSize(), post::mostBytes, post.encoder());
            goesOn = goesOn && send(chunks, address, progress);
        }
        // After all others: whether the server accepts them shows what a refusal means.
        if (!progress.stopped() && (goesOn || !progress.refused.isEmpty())) {
            refused.search(progress, refusedSeries, address, effort);
        }
        progress.unsent = !goesOn;
        complete(store, delivery, progress);
        return progress;
    }

    /** From now on samples go to another server, which may refuse others. */
    void forget() {
        refused = new RefusedSamples(post, timing);
    }

    /** Sends chunks; false if the rest stays pending because the permit is over or nothing is accepted. */
    private boolean send(Chunks chunks, Address address, DeliveryProgress progress) throws InterruptedException {
        while (!progress.stopped() && !chunks.isEmpty()) {
            Permit.Next next = address.permit().next();
            progress.halted = next == Permit.Next.HALT;
            Chunk chunk = next == Permit.Next.GO ? chunks.next(progress.rejected) : null;
            if (refused.isHopeless(progress) || chunk == null) {
                return next == Permit.Next.GO && chunks.isEmpty();
            }
            send(chunk, chunks, address, progress);
        }
        return !progress.stopped();
    }

    /** Sends a chunk until it is accepted or its attempts are used up; one too large for the link goes back. */
    private void send(Chunk chunk, Chunks chunks, Address address, DeliveryProgress progress)
            throws InterruptedException {
        List<Slice> accepted = new ArrayList<>();
        Chunk rest = chunk;
        int attempt = 1;
        while (rest != null) {
            Answer answer = post.post(rest, attempt, address);
            if (answer instanceof Accepted) {
                accepted.addAll(rest.lines());
                break;
            }
            if (answer instanceof Partial partial) {
                accepted.addAll(rest.first(partial.samples()));
                rest = rest.without(partial.samples());
            }
            Failure failure = failureOf(answer, address.endpoint());
            boolean tooLarge = failure.reason() == Reason.HTTP_413;
            if (failure.reason() == Reason.REFUSED || (tooLarge && rest.size() == 1)) {
                progress.refused.add(
                        new DeliveryProgress.Refusal(rest, RefusedSamples.ofOne(failure, address.endpoint())));
                break;
            }
            if (!tooLarge && !isRetried(failure, attempt++, address, progress)) {
                break;
            }
            // What the link or the server does not take in one request goes in smaller ones.
            if (failure.reason().is(Trait.LATE)) {
                chunks.giveBackHalved(rest);
            } else {
                chunks.giveBack(rest);
            }
            rest = chunks.next(progress.rejected);
        }
        if (!accepted.isEmpty()) {
            progress.accepted(chunk.index(), timing.clock().instant(), accepted);
            refused.accepted(accepted);
        }
    }

    /** Waits for the next attempt; false if there is none, and why is in the progress. */
    private boolean isRetried(Failure failure, int attempt, Address address, DeliveryProgress progress)
            throws InterruptedException {
        UploaderSettings settings = address.settings();
        if (attempt >= settings.retry().attempts() || failure.reason().is(Trait.ENDS_CYCLE)) {
            progress.failed(failure, failure.retryAfter());
            return false;
        }
        Duration wait = settings.retry().backoff(attempt, failure.retryAfter(), timing.random());
        if (wait.compareTo(settings.uploadInterval()) > 0
                && failure.retryAfter().isPresent()) {
            // Longer than a cycle: by then there are fresher samples, which go first.
            progress.failed(failure, Optional.of(wait));
            return false;
        }
        progress.halted = address.permit().isHalted() || !waitFor(wait, attempt, failure);
        return !progress.halted;
    }

    private static Failure failureOf(Answer answer, Endpoint endpoint) {
        return answer instanceof Failure failure
                ? failure
                : new Failure(
                        Reason.PARTIAL, endpoint.server() + " takes only a part of what is sent: is it overloaded?");
    }

    /** @return whether to go on; not if something changed */
    private boolean waitFor(Duration wait, int attempt, Failure failure) throws InterruptedException {
        if (LOG.isDebugEnabled()) {
            LogFields fields = new LogFields()
                    .with("attempt", attempt)
                    .with("backoff_ms", wait.toMillis())
                    .with("error_type", failure.label())
                    .with("error", failure.message());
            failure.retryAfter().ifPresent(asked -> fields.with("retry_after_sec", asked.toSeconds()));
            fields.during(() -> LOG.debug("Attempt {} failed, the next one comes in {} ms", attempt, wait.toMillis()));
        }
        report.state().waiting(wait);
        try {
            // A server that answers is not reached any better on another way; one that asks for rest gets it.
            Pause.End end = failure.reason().is(Trait.NETWORK)
                    ? timing.pause().awaitNetwork(wait)
                    : timing.pause().await(wait);
            return end != Pause.End.BROKEN;
        } finally {
            report.state().working();
        }
    }

    private void complete(SampleStore store, Delivery delivery, DeliveryProgress progress) throws StoreException {
        if (!progress.completesAny()) {
            return;
        }
        store.complete(delivery, new DeliveryOutcome(progress.acknowledged, progress.rejected));
        progress.acknowledged.forEach(acknowledgement -> report.uploaded(acknowledgement.size()));
        report.rejected(progress.rejected);
        report.progress(store.status().pendingSamples());
    }
}
