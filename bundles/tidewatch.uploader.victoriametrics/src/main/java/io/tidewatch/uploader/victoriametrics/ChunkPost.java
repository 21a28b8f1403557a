package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Slice;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.Answer.Partial;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a chunk once and tells what it means: to the report, to the watch over restarts, and to the log.
 *
 * <p>Not safe for use by several threads.
 */
final class ChunkPost implements AutoCloseable {
    /** Status line and headers of the answer of VictoriaMetrics 1.79. */
    private static final int ANSWER_BYTES = 110;

    private static final Logger LOG = LoggerFactory.getLogger(ChunkPost.class);

    private final ImportClient client;
    private final UploadReport report;
    private final RestartWatch restarts;
    private final Supplier<Optional<String>> deviceId;
    private final Routes network;
    private final Timing timing;
    private final RequestSize size = new RequestSize();
    private final ChunkEncoder encoder = new ChunkEncoder();

    /**
     * @param client sends
     * @param report gets every attempt
     * @param restarts gets every answer
     * @param deviceId who sends
     * @param network of the device
     */
    ChunkPost(
            ImportClient client,
            UploadReport report,
            RestartWatch restarts,
            Supplier<Optional<String>> deviceId,
            Routes network,
            Timing timing) {
        this.client = client;
        this.report = report;
        this.restarts = restarts;
        this.deviceId = deviceId;
        this.network = network;
        this.timing = timing;
    }

    /** Who is sent to, as what, and what for. */
    record Address(UploaderSettings settings, Endpoint endpoint, UUID batchId, Turn turn) {}

    /** Encodes the chunks that are posted. */
    ChunkEncoder encoder() {
        return encoder;
    }

    /** Bytes that the next body may have. */
    int mostBytes() {
        return size.limit();
    }

    /** Encodes a chunk and posts it. */
    Answer post(List<Slice> lines, int index, Address address) {
        if (!encoder.encode(lines, RequestSize.LARGEST)) {
            throw new IllegalStateException("A part of a chunk is larger than the chunk, which fitted");
        }
        return post(new Chunk(index, lines), 1, address);
    }

    /**
     * Posts the chunk that the encoder holds.
     *
     * @param attempt number of the attempt, from 1
     */
    Answer post(Chunk chunk, int attempt, Address address) {
        Endpoint endpoint = address.endpoint();
        timing.pause().attempt();
        long start = timing.nanoTime().getAsLong();
        int status = 0;
        int received = 0;
        Answer answer;
        try {
            Reply reply = client.post(address.settings(), endpoint, deviceId.get(), encoder.buffer(), encoder.length());
            status = reply.status();
            received = reply.text().length();
            answer = Classification.of(
                    reply,
                    address.settings(),
                    endpoint,
                    chunk.size(),
                    timing.clock().instant());
        } catch (IOException e) {
            answer = Breakdown.of(e, endpoint, network::hasDefault);
        }
        Duration duration = Duration.ofNanos(timing.nanoTime().getAsLong() - start);
        int head = client.headBytes();
        report.sent(head + encoder.length(), duration);
        address.turn().sent(head + encoder.length() + ANSWER_BYTES + received);
        learnSize(answer, chunk, duration, address.settings());
        told(answer, endpoint);
        if (LOG.isDebugEnabled()) {
            String outcome = answer instanceof Failure failure ? failure.message() : answer.toString();
            new LogFields()
                    .with("batch_id", address.batchId())
                    .with("chunk_index", chunk.index())
                    .with("attempt", attempt)
                    .with("http_status", status)
                    .with("bytes_sent", encoder.length())
                    .with("bytes_rcvd", received)
                    .with("count", chunk.size())
                    .with("duration_ms", duration.toMillis())
                    .during(() -> LOG.debug("Chunk {} with {} samples: {}", chunk.index(), chunk.size(), outcome));
        }
        return answer;
    }

    /** Frees the buffers. */
    @Override
    public void close() {
        encoder.close();
    }

    /** The answer to a request shows how much the link carries, if there was a connection. */
    private void learnSize(Answer answer, Chunk chunk, Duration took, UploaderSettings settings) {
        long now = timing.nanoTime().getAsLong();
        if (answer instanceof Failure failure && failure.reason() == Reason.HTTP_413 && chunk.size() == 1) {
            // Whatever the server has against this sample, it is not the size of the request.
            size.reset();
        } else if (!(answer instanceof Failure failure)) {
            size.arrived(encoder.length(), took, settings.timeout(), now);
        } else if (failure.reason().isLate() && client.connected()) {
            size.late(encoder.length(), took, settings.timeout(), now);
        }
    }

    private void told(Answer answer, Endpoint endpoint) {
        if (answer instanceof Failure failure) {
            report.attemptFailed(failure);
            restarts.failed(failure, endpoint);
        } else if (answer instanceof Partial partial && partial.samples() == 0) {
            report.nothingAccepted();
        } else {
            report.accepted(!(answer instanceof Partial));
            restarts.acknowledged(timing.clock().instant(), endpoint);
        }
    }
}
