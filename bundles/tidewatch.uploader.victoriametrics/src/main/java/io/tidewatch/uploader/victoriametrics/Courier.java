package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Settlement.Acknowledgement;
import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.uploader.victoriametrics.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.Answer.Refused;
import io.tidewatch.uploader.victoriametrics.Answer.Retry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deliveries to the server: cuts one into chunks, sends each until it is accepted or its attempts are used up, and
 * tells the store once what became of it. Samples are named to the store only if the server has accepted them, or never
 * can.
 *
 * <p>Not safe for use by several threads.
 */
final class Courier implements AutoCloseable {
    /** No request has a larger body. */
    static final int LARGEST_CHUNK = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    private final ImportClient client;
    private final UploadReport report;
    private final Supplier<Optional<String>> deviceId;
    private final Clock clock;
    private final RandomGenerator random;
    private final Pause pause;
    private final ChunkEncoder encoder;

    /**
     * @param client sends
     * @param report gets what happens
     * @param deviceId who sends
     * @param clock the time of the device
     * @param random for jitter
     * @param pause waits between attempts
     */
    Courier(
            ImportClient client,
            UploadReport report,
            Supplier<Optional<String>> deviceId,
            Clock clock,
            RandomGenerator random,
            Pause pause) {
        this.client = client;
        this.report = report;
        this.deviceId = deviceId;
        this.clock = clock;
        this.random = random;
        this.pause = pause;
        this.encoder = new ChunkEncoder(LARGEST_CHUNK);
    }

    /**
     * What became of a delivery.
     *
     * @param settled samples that are settled: accepted or set aside
     * @param failure why some are still pending; null if none is
     * @param postponement how long the server asks to be left alone
     * @param halted whether the rest was not tried, because something changed
     */
    record Outcome(int settled, @Nullable Failure failure, Optional<Duration> postponement, boolean halted) {}

    /** The run for one delivery. */
    private static final class Progress {
        private final List<Acknowledgement> acknowledged = new ArrayList<>();
        private final List<Rejection> rejected = new ArrayList<>();
        private @Nullable Failure failure;
        private Optional<Duration> postponement = Optional.empty();
        private boolean halted;
    }

    /**
     * Sends and settles a delivery.
     *
     * @param store where it comes from
     * @param halted asked between requests: whether to leave off
     * @throws StoreException if what was accepted could not be settled: it will be sent again
     */
    Outcome deliver(
            SampleStore store, Delivery delivery, UploaderSettings settings, Endpoint endpoint, BooleanSupplier halted)
            throws StoreException, InterruptedException {
        Progress progress = new Progress();
        Lines lines = Lines.of(delivery, settings.lineValues());
        progress.rejected.addAll(lines.rejected());
        Chunks chunks = new Chunks(lines.slices(), settings.chunkSize(), encoder);
        while (!stopped(progress)) {
            if (halted.getAsBoolean()) {
                progress.halted = true;
                break;
            }
            Chunk chunk = chunks.next(progress.rejected);
            if (chunk == null) {
                break;
            }
            send(chunk, delivery, settings, endpoint, progress);
        }
        return new Outcome(settle(store, delivery, progress), progress.failure, progress.postponement, progress.halted);
    }

    /** Frees the buffers. */
    @Override
    public void close() {
        encoder.close();
    }

    /** A refused chunk says nothing of its neighbours; anything else that lasted says that the server is down. */
    private static boolean stopped(Progress progress) {
        return progress.halted || (progress.failure != null && !(progress.failure instanceof Refused));
    }

    private void send(Chunk chunk, Delivery delivery, UploaderSettings settings, Endpoint endpoint, Progress progress)
            throws InterruptedException {
        Backoff backoff = new Backoff(settings.retry(), random);
        List<Slice> accepted = new ArrayList<>();
        Chunk rest = chunk;
        for (int attempt = 1; ; attempt++) {
            Answer answer = attempt(rest, attempt, delivery, settings, endpoint);
            if (answer instanceof Accepted) {
                accepted.addAll(rest.lines());
                break;
            }
            report.attemptFailed();
            if (answer instanceof Partial partial) {
                accepted.addAll(rest.first(partial.samples()));
                rest = rest.without(partial.samples());
            }
            Failure failure = failureOf(answer, endpoint);
            if (attempt >= settings.retry().attempts() || failure instanceof Refused) {
                progress.failure = failure;
                progress.postponement = failure.retryAfter();
                break;
            }
            Duration wait = backoff.behind(attempt, failure.retryAfter());
            if (wait.compareTo(settings.uploadInterval()) > 0
                    && failure.retryAfter().isPresent()) {
                // Longer than a cycle: by then there are fresher samples, which go first.
                progress.failure = failure;
                progress.postponement = Optional.of(wait);
                break;
            }
            if (!waitFor(wait, attempt, failure)) {
                progress.halted = true;
                break;
            }
            // A part compresses to less than the whole, which fitted; if ever not, the next cycle cuts it anew.
            if (answer instanceof Partial && !encoder.encode(rest.lines())) {
                progress.failure = failure;
                break;
            }
        }
        if (!accepted.isEmpty()) {
            progress.acknowledged.add(new Acknowledgement(chunk.index(), clock.instant(), accepted));
        }
    }

    private static Failure failureOf(Answer answer, Endpoint endpoint) {
        return answer instanceof Failure failure
                ? failure
                : new Retry("partial", endpoint.server() + " takes only a part of what is sent: is it overloaded?");
    }

    private boolean waitFor(Duration wait, int attempt, Failure failure) throws InterruptedException {
        if (LOG.isDebugEnabled()) {
            new LogFields()
                    .with("attempt", attempt)
                    .with("backoff_ms", wait.toMillis())
                    .with("error_type", failure.reason())
                    .with("error", failure.message())
                    .during(() ->
                            LOG.debug("Attempt {} failed, the next one comes in {} ms", attempt, wait.toMillis()));
        }
        report.waiting(wait);
        try {
            return pause.await(wait);
        } finally {
            report.working();
        }
    }

    private Answer attempt(Chunk chunk, int attempt, Delivery delivery, UploaderSettings settings, Endpoint endpoint) {
        long start = System.nanoTime();
        int status = 0;
        int received = 0;
        Answer answer;
        try {
            Reply reply = client.post(settings, endpoint, deviceId.get(), encoder.buffer(), encoder.length());
            status = reply.status();
            received = reply.text().length();
            answer = Classification.of(reply, endpoint.server(), chunk.size(), clock.instant());
        } catch (IOException e) {
            answer = Classification.of(e, endpoint.server());
        }
        if (LOG.isDebugEnabled()) {
            String outcome = answer instanceof Failure failure ? failure.message() : answer.toString();
            new LogFields()
                    .with("batch_id", delivery.batchId())
                    .with("chunk_index", chunk.index())
                    .with("attempt", attempt)
                    .with("http_status", status)
                    .with("bytes_sent", encoder.length())
                    .with("bytes_rcvd", received)
                    .with("count", chunk.size())
                    .with("duration_ms", (System.nanoTime() - start) / 1_000_000)
                    .during(() -> LOG.debug("Chunk {} with {} samples: {}", chunk.index(), chunk.size(), outcome));
        }
        return answer;
    }

    private int settle(SampleStore store, Delivery delivery, Progress progress) throws StoreException {
        if (progress.acknowledged.isEmpty() && progress.rejected.isEmpty()) {
            return 0;
        }
        store.settle(delivery, new Settlement(progress.acknowledged, progress.rejected));
        int settled = 0;
        for (Acknowledgement acknowledgement : progress.acknowledged) {
            report.uploaded(acknowledgement.size(), acknowledgement.time());
            settled += acknowledgement.size();
        }
        report.rejected(progress.rejected);
        for (Rejection rejection : progress.rejected) {
            settled += rejection.slice().size();
        }
        return settled;
    }
}
