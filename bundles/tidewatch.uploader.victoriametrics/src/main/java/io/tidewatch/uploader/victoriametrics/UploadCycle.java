package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Settlement.Acknowledgement;
import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Delivers what is pending until nothing is, or until the server cannot be reached: fresh samples first, then a piece of
 * the backlog by priority, fresh ones again, and so on.
 *
 * <p>Used by one thread.
 */
final class UploadCycle {
    /** How a cycle waits between attempts. */
    interface Pause {
        /**
         * Waits.
         *
         * @return false if the cycle shall end instead: the uploader stops or has new settings
         */
        boolean sleep(Duration wait) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(UploadCycle.class);
    private static final Set<Priority> EVERY_PRIORITY = EnumSet.allOf(Priority.class);

    private final ImportClient client;
    private final ChunkEncoder encoder;
    private final Backoff backoff;
    private final UploadProgress progress;
    private final Clock clock;
    private final Pause pause;

    UploadCycle(ImportClient client, Backoff backoff, UploadProgress progress, Clock clock, Pause pause) {
        this.client = client;
        this.encoder = new ChunkEncoder(new WireRules(clock));
        this.backoff = backoff;
        this.progress = progress;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Delivers what is pending.
     *
     * @return how long the server asked to be left alone, at least; zero if it did not
     * @throws StoreException if the store cannot hand out or settle; what was under way stays pending
     * @throws InterruptedException if the uploader stops; what was under way stays pending
     */
    Duration run(SampleStore store, UploaderSettings settings, ImportClient.Target target)
            throws StoreException, InterruptedException {
        while (true) {
            Optional<Delivery> next = nextOf(store, settings);
            if (next.isEmpty()) {
                progress.cycleSucceeded();
                return Duration.ZERO;
            }
            Delivered delivered = deliver(next.get(), settings, target);
            store.settle(next.get(), delivered.settlement());
            count(delivered.settlement());
            if (!delivered.isComplete()) {
                return delivered.leaveAlone();
            }
        }
    }

    /** Fresh samples before each piece of the backlog; of that, the urgent first, the oldest first. */
    private Optional<Delivery> nextOf(SampleStore store, UploaderSettings settings) throws StoreException {
        Instant fresh = clock.instant().minus(settings.freshness());
        Optional<Delivery> live =
                store.next(new DeliveryQuery(fresh, DeliveryQuery.END, EVERY_PRIORITY, settings.batchSize()));
        if (live.isPresent()) {
            return live;
        }
        int piece = settings.chunkLines() * settings.lineValues();
        for (Priority priority : Priority.values()) {
            Optional<Delivery> backlog =
                    store.next(new DeliveryQuery(DeliveryQuery.BEGINNING, fresh, EnumSet.of(priority), piece));
            if (backlog.isPresent()) {
                return backlog;
            }
        }
        return Optional.empty();
    }

    /** What became of a delivery. */
    private record Delivered(Settlement settlement, boolean isComplete, Duration leaveAlone) {}

    private Delivered deliver(Delivery delivery, UploaderSettings settings, ImportClient.Target target)
            throws InterruptedException {
        String deviceId = delivery.series().get(0).series().deviceId();
        List<Acknowledgement> acknowledged = new ArrayList<>();
        boolean complete = true;
        Duration leaveAlone = Duration.ZERO;
        encoder.begin(delivery, settings.chunkLines(), settings.lineValues());
        int index = 0;
        MDC.put("batch_id", delivery.batchId().toString());
        try {
            for (Optional<Chunk> next = encoder.next(); next.isPresent() && complete; next = encoder.next()) {
                Chunk chunk = next.get();
                MDC.put("chunk_index", String.valueOf(index));
                Answer answer = send(chunk, deviceId, settings, target);
                int accepted = answer.accepted();
                if (accepted > 0) {
                    acknowledged.add(new Acknowledgement(index, clock.instant(), chunk.first(accepted)));
                }
                complete = answer.isAccepted();
                leaveAlone = Backoff.bounded(answer.retryAfter());
                index++;
            }
        } finally {
            MDC.remove("batch_id");
            MDC.remove("chunk_index");
        }
        return new Delivered(new Settlement(acknowledged, encoder.rejections()), complete, leaveAlone);
    }

    /** Tries a chunk as often as the settings allow. A partial success ends the attempts: the rest comes again. */
    private Answer send(Chunk chunk, String deviceId, UploaderSettings settings, ImportClient.Target target)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            long began = System.nanoTime();
            Answer answer = client.post(chunk, deviceId, target);
            progress.sent(chunk.length(), answer);
            logAttempt(chunk, attempt, answer, System.nanoTime() - began);
            if (answer.isUnauthorized()) {
                target.authorization().forget();
            }
            boolean settled = answer.isAccepted() || answer.verdict() == Answer.Verdict.PARTIAL;
            if (settled || attempt >= settings.retry().maxAttempts()) {
                return answer;
            }
            Duration wait = backoff.after(attempt, settings.retry(), answer.retryAfter());
            progress.nextAttemptIn(wait);
            LOG.debug("The next attempt comes in {} ms", wait.toMillis());
            if (!pause.sleep(wait)) {
                return answer;
            }
        }
    }

    private void count(Settlement settlement) {
        int uploaded = 0;
        for (Acknowledgement acknowledgement : settlement.acknowledged()) {
            uploaded += acknowledgement.size();
        }
        if (uploaded > 0) {
            progress.uploaded(uploaded);
        }
        for (Rejection rejection : settlement.rejected()) {
            progress.rejected(rejection.reason(), rejection.slice().size());
            LOG.warn(
                    "Set aside {} samples of {} that the server would not keep: {}",
                    rejection.slice().size(),
                    rejection.slice().samples().series().name(),
                    rejection.reason());
        }
    }

    private static void logAttempt(Chunk chunk, int attempt, Answer answer, long nanos) {
        if (!LOG.isDebugEnabled()) {
            return;
        }
        MDC.put("attempt", String.valueOf(attempt));
        MDC.put("http_status", String.valueOf(answer.status()));
        MDC.put("bytes_sent", String.valueOf(chunk.length()));
        MDC.put("bytes_rcvd", String.valueOf(answer.bytesReceived()));
        MDC.put("count", String.valueOf(chunk.samples()));
        MDC.put("duration_ms", String.valueOf(nanos / 1_000_000));
        try {
            LOG.debug("Sent {} samples in {} bytes: {}", chunk.samples(), chunk.length(), answer.explanation());
        } finally {
            for (String field : List.of("attempt", "http_status", "bytes_sent", "bytes_rcvd", "count", "duration_ms")) {
                MDC.remove(field);
            }
        }
    }
}
