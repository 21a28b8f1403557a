package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.Slice;
import io.tidewatch.uploader.victoriametrics.answer.Answer;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.answer.Breakdown;
import io.tidewatch.uploader.victoriametrics.answer.Classification;
import io.tidewatch.uploader.victoriametrics.answer.PeerIdentity;
import io.tidewatch.uploader.victoriametrics.encoding.Chunk;
import io.tidewatch.uploader.victoriametrics.encoding.ChunkEncoder;
import io.tidewatch.uploader.victoriametrics.encoding.RequestSize;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.failure.Reason.Trait;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.http.Routes;
import io.tidewatch.uploader.victoriametrics.http.Sending;
import io.tidewatch.uploader.victoriametrics.report.LogFields;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.restart.ServerWatch;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a chunk once, and reports what the answer means to the report, to the watch over the server, and to the log.
 *
 * <p>Not safe for use by several threads.
 */
public final class ChunkPost {
    /** Status line and headers of the answer of VictoriaMetrics 1.79. */
    private static final int ANSWER_BYTES = 110;

    private static final byte[] EMPTY = ChunkEncoder.empty();

    private static final Logger LOG = LoggerFactory.getLogger(ChunkPost.class);

    private final Sending client;
    private final UploadReport report;
    private final ServerWatch watch;
    private final PeerIdentity peer;
    private final Supplier<Optional<String>> deviceId;
    private final Routes network;
    private final Timing timing;
    private final RequestSize size = new RequestSize();
    private final StallTimeout stallTimeout = new StallTimeout();
    private final ChunkEncoder encoder = new ChunkEncoder();

    public ChunkPost(
            Sending client,
            UploadReport report,
            ServerWatch watch,
            PeerIdentity peer,
            Supplier<Optional<String>> deviceId,
            Routes network,
            Timing timing) {
        this.client = client;
        this.report = report;
        this.watch = watch;
        this.peer = peer;
        this.deviceId = deviceId;
        this.network = network;
        this.timing = timing;
    }

    /** Who is sent to, as what, and what for. */
    public record Address(UploaderSettings settings, UUID batchId, Permit permit) {
        Endpoint endpoint() {
            return settings.requireEndpoint();
        }
    }

    public ChunkEncoder encoder() {
        return encoder;
    }

    /** Bytes that the next body may have. */
    public int mostBytes() {
        return size.limit();
    }

    public Answer post(List<Slice> lines, int index, Address address) {
        if (!encoder.encode(lines, RequestSize.LARGEST)) {
            throw new IllegalStateException("A part of a chunk is larger than the chunk, which fitted");
        }
        return post(new Chunk(index, lines), 1, address);
    }

    /**
     * Posts the chunk that the encoder contains; anew if the request stalls, until the timeout has passed. If the last
     * success came from an unknown peer, a request without samples goes first, and the chunk only if that one comes from a
     * known peer.
     *
     * @param attempt from 1
     */
    public Answer post(Chunk chunk, int attempt, Address address) {
        timing.pause().attempt();
        Exchange exchange = peer.isUnknown() ? exchange(EMPTY, EMPTY.length, 0, address, address.settings()) : null;
        if (exchange == null || !(exchange.answer() instanceof Failure)) {
            exchange = exchangeUntilAnswered(chunk, address);
            learnSize(exchange, chunk, address.settings());
        }
        Answer answer = exchange.answer();
        told(answer, address.endpoint());
        if (LOG.isDebugEnabled()) {
            String outcome = answer instanceof Failure failure ? failure.message() : answer.toString();
            new LogFields()
                    .with("batch_id", address.batchId())
                    .with("chunk_index", chunk.index())
                    .with("attempt", attempt)
                    .with("http_status", exchange.status())
                    .with("bytes_sent", exchange.sent())
                    .with("bytes_rcvd", exchange.received())
                    .with("count", chunk.size())
                    .with("duration_ms", exchange.duration().toMillis())
                    .during(() -> LOG.debug("Chunk {} with {} samples: {}", chunk.index(), chunk.size(), outcome));
        }
        return answer;
    }

    private record Exchange(Answer answer, int status, int sent, int received, Duration duration) {}

    /** Sends anew what stalls, until the timeout has passed or something changed. */
    private Exchange exchangeUntilAnswered(Chunk chunk, Address address) {
        UploaderSettings settings = address.settings();
        Duration left = settings.timeout();
        while (true) {
            Duration allowed = stallTimeout.of(encoder.length(), left, settings.timeout());
            Exchange exchange =
                    exchange(encoder.buffer(), encoder.length(), chunk.size(), address, settings.withTimeout(allowed));
            boolean noAnswer = exchange.answer() instanceof Failure failure && failure.reason() == Reason.TIMEOUT;
            if (exchange.status() != 0) {
                stallTimeout.answered(exchange.sent(), exchange.duration());
            }
            if (!noAnswer) {
                return exchange;
            }
            if (allowed.equals(left) || address.permit().isHalted()) {
                stallTimeout.unanswered(client.connected());
                return exchange;
            }
            stallTimeout.stalled(encoder.length());
            report.stalled();
            left = left.minus(allowed);
        }
    }

    private Exchange exchange(byte[] body, int length, int samples, Address address, UploaderSettings settings) {
        long start = timing.nanoTime().getAsLong();
        int status = 0;
        int received = 0;
        Answer answer;
        try {
            Reply reply = client.post(settings, deviceId.get(), body, length);
            status = reply.status();
            received = reply.text().length();
            answer = meaning(reply, samples, address);
        } catch (IOException e) {
            answer = Breakdown.of(e, address.endpoint(), network::hasDefault);
        }
        Duration duration = Duration.ofNanos(timing.nanoTime().getAsLong() - start);
        int head = client.headBytes();
        report.sent(head + length, duration);
        address.permit().sent(head + length + ANSWER_BYTES + received);
        return new Exchange(answer, status, length, received, duration);
    }

    private Answer meaning(Reply reply, int samples, Address address) {
        UploaderSettings settings = address.settings();
        Instant now = timing.clock().instant();
        Answer answer = Classification.of(reply, settings, peer.isKnown(reply, settings), samples, now);
        boolean unknown = answer instanceof Failure failure && failure.reason() == Reason.UNKNOWN_PEER;
        if (unknown && watch.identify(settings)) {
            answer = Classification.of(reply, settings, true, samples, now);
            unknown = false;
        }
        if (unknown) {
            peer.unknown();
        } else if (!(answer instanceof Failure)) {
            peer.known();
        }
        return answer;
    }

    /** The answer to a request shows how much the link carries, if there was a connection. */
    private void learnSize(Exchange exchange, Chunk chunk, UploaderSettings settings) {
        Answer answer = exchange.answer();
        Duration took = exchange.duration();
        long now = timing.nanoTime().getAsLong();
        if (answer instanceof Failure failure && failure.reason() == Reason.HTTP_413 && chunk.size() == 1) {
            // Whatever the server has against this sample, it is not the size of the request.
            size.reset();
        } else if (!(answer instanceof Failure failure)) {
            size.arrived(encoder.length(), client.headBytes(), took, settings.timeout(), now);
        } else if (failure.reason().is(Trait.LATE) && client.connected()) {
            boolean waited = exchange.status() != 0 && failure.reason() != Reason.HTTP_413;
            size.late(encoder.length(), took, waited, settings.timeout(), now);
        }
    }

    private void told(Answer answer, Endpoint endpoint) {
        if (answer instanceof Failure failure) {
            report.attemptFailed(failure, endpoint);
            watch.failed(failure);
        } else if (answer instanceof Partial partial && partial.samples() == 0) {
            report.nothingAccepted();
        } else {
            report.accepted(!(answer instanceof Partial), endpoint);
            watch.acknowledged(timing.clock().instant());
        }
    }
}
