package io.tidewatch.uploader.victoriametrics.answer;

import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.failure.Reason.Trait;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server may have been restarted, by the failures of requests alone. A network that breaks connections all day
 * must not make the same samples go all day: at most once in ten settle times.
 *
 * <p>Not safe for use by several threads.
 */
public final class LostConnections {
    /** A kept connection that breaks after a longer silence was perhaps only closed for it. */
    private static final Duration NOT_IDLE = Duration.ofSeconds(4);

    private boolean suspicious;
    private boolean lost;
    private boolean answered;
    private long lastAnswer;
    private @Nullable Instant lastAcknowledged;
    private @Nullable Instant beforeFailure;
    private @Nullable Long lastGuess;

    public void acknowledged(Instant time, long now) {
        lastAcknowledged = time;
        answered = true;
        lastAnswer = now;
    }

    public void failed(Failure failure, long now) {
        if (!failure.reason().is(Trait.RESTART)) {
            return;
        }
        if (beforeFailure == null) {
            beforeFailure = lastAcknowledged;
        }
        boolean busy = now - lastAnswer < NOT_IDLE.toNanos();
        lost |= failure.reason().is(Trait.LOST) || (failure.reason() == Reason.NETWORK && busy);
        suspicious = true;
        answered = false;
    }

    /** Whether the last request was acknowledged, and nothing was concluded since. */
    public boolean answered() {
        return answered;
    }

    /** Whether there was a failure after which the server may be another process. */
    public boolean suspicious() {
        return suspicious;
    }

    /**
     * Concludes from the failures, for a server that does not report its start.
     *
     * @return the last acknowledgement before the failures, if the server may have been restarted
     */
    public Optional<Instant> guess(Duration settleTime, long now) {
        Instant before = beforeFailure;
        boolean may = lost
                && before != null
                && (lastGuess == null
                        || now - lastGuess >= settleTime.multipliedBy(10).toNanos());
        lastGuess = may ? (Long) now : lastGuess;
        concluded();
        return may ? Optional.ofNullable(before) : Optional.empty();
    }

    /** The server has reported, or another one is uploaded to: the failures so far have no meaning any more. */
    public void concluded() {
        suspicious = false;
        lost = false;
        answered = false;
        beforeFailure = null;
    }
}
