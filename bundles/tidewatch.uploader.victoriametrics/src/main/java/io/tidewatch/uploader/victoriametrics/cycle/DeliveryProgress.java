package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.DeliveryOutcome.Acknowledgement;
import io.tidewatch.api.store.DeliveryOutcome.Rejection;
import io.tidewatch.api.store.Slice;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.encoding.Chunk;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has become of a delivery so far. Not safe for use by several threads. */
final class DeliveryProgress {
    /** A chunk that the server refused, and its answer. */
    record Refusal(Chunk chunk, Failure answer) {}

    final List<Acknowledgement> acknowledged = new ArrayList<>();
    final List<Rejection> rejected = new ArrayList<>();
    final List<Refusal> refused = new ArrayList<>();

    /** Why some samples are still pending; null if none failed. */
    @Nullable
    Failure failure;

    Optional<Duration> postponement = Optional.empty();

    /** Whether the rest was not tried, because something changed. */
    boolean halted;

    /** Whether samples stay pending that may be bad, to be searched later, or until more is known of the server. */
    boolean left;

    /** Whether some were not sent, because the permit was over or the server accepts nothing. */
    boolean unsent;

    /** Whether the server accepts other samples. */
    boolean proven;

    void accepted(int chunk, Instant time, List<Slice> lines) {
        if (!lines.isEmpty()) {
            acknowledged.add(new Acknowledgement(chunk, time, lines));
            proven = true;
        }
    }

    /** An attempt failed for good in this cycle. */
    void failed(Failure why, Optional<Duration> postponed) {
        failure = why;
        postponement = postponed;
    }

    /** Whether any sample was accepted or rejected. */
    boolean completesAny() {
        return !acknowledged.isEmpty() || !rejected.isEmpty();
    }

    /** Whether to send no more. A refused sample has no meaning for its neighbours; any other failure is the server's. */
    boolean stopped() {
        return halted || (failure != null && failure.reason() != Reason.REFUSED);
    }
}
