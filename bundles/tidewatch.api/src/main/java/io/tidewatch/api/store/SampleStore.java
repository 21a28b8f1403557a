package io.tidewatch.api.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps every sample until it is delivered, and a history after that.
 *
 * <p>A sample is identified by its series (name, device, tags, numeric or text) and its millisecond: appended twice, it
 * is kept once, across restarts. Numeric samples are <em>pending</em> from their append until they are acknowledged or
 * rejected by {@link #complete}; texts are kept and never pending.
 *
 * <p>Threads: every method may be called from any thread. {@link #status} does not wait for the others.
 */
@ProviderType
public interface SampleStore {
    /**
     * Keeps a batch. When this returns, the samples are committed: killing the process loses none of them. The exception
     * are those that the result calls deferred: the disk does not take them now, and they wait in memory until it does.
     *
     * <p>A timestamp more than 5 minutes ahead of the clock or more than an hour behind it is replaced by the present
     * and counted. NaN and infinities are dropped and counted.
     *
     * @throws StoreException if the batch is not committed; none of it is kept
     * @throws InterruptedException if the caller was interrupted before the commit; none of the batch is kept
     */
    AppendResult append(SampleBatch batch) throws StoreException, InterruptedException;

    /**
     * Returns the oldest samples that match the query and are pending for its destination. They stay pending until the
     * delivery is completed. At most one delivery of a destination is in flight: a second call abandons the first one.
     *
     * @return the samples, or empty if none is pending
     * @throws StoreException if they cannot be read
     * @throws IllegalArgumentException if this store does not know the destination
     */
    Optional<Delivery> next(DeliveryQuery query) throws StoreException;

    /**
     * Completes the delivery in flight, in one transaction: acknowledged samples are marked as delivered to its
     * destination, rejected samples are quarantined with their reason, the rest stays pending.
     *
     * @throws StoreException if the outcome cannot be written; everything stays pending
     * @throws AbandonedDeliveryException if the delivery is not the one in flight; everything stays pending
     * @throws IllegalArgumentException if the outcome names samples of another delivery
     */
    void complete(Delivery delivery, DeliveryOutcome outcome) throws StoreException;

    /**
     * Makes samples pending again that a destination acknowledged at or after an instant, because it may have lost them:
     * a server keeps acknowledged samples in memory for a while. Samples of the same priorities between them may become
     * pending too, since sending twice is harmless; quarantined samples stay quarantined. Abandons the delivery in
     * flight.
     *
     * <p>Acknowledgements are remembered across restarts: the last thousand chunks at least, and all of the last ten
     * minutes.
     *
     * @param destination as in {@link DeliveryQuery#destination}
     * @param acknowledgedSince compared with {@link DeliveryOutcome.Acknowledgement#time}
     * @return how many samples became pending
     * @throws StoreException if that cannot be written; nothing changes but that the delivery is abandoned
     * @throws IllegalArgumentException if this store does not know the destination
     */
    long resend(String destination, Instant acknowledgedSince) throws StoreException;

    /**
     * Moves samples of the current session in time after the system clock was set: those that are pending, and texts,
     * which never are, with {@code from <= time < until}. Delivered and quarantined samples keep their times, and so do
     * the samples of earlier sessions. In one transaction; abandons the delivery in flight.
     *
     * <p>No sample is lost: one that meets another of its series takes the next free millisecond, and the moved samples
     * of a series keep their order. The session moves with them if it began in that stretch of time.
     *
     * @param step what to add to each time, in whole milliseconds; negative moves into the past
     * @return how many samples moved, texts included
     * @throws IllegalArgumentException if the stretch is moved out of what {@link DeliveryQuery#BEGINNING} and
     *     {@link DeliveryQuery#END} bound
     * @throws StoreException if they cannot be moved; nothing changes but that the delivery is abandoned
     */
    long shift(Instant from, Instant until, Duration step) throws StoreException;

    /**
     * Corrects the times of all samples of this boot after a step of the clock, as {@link #shift} does: those of the
     * current session by the step, and those of the earlier sessions of the same boot by as much as puts them on the
     * same clock, which is what their start minus the time since the boot shows. An earlier session without a known time
     * since the boot moves, by the step, only if it began before the agent was built, hence on a clock that was never
     * set. Samples of other boots stay where they are, also those that lie among the ones that move.
     *
     * <p>Called again with the same parameters after a failure, it continues with the rest.
     *
     * @param until what the clock of the samples would show now without the step
     * @param step what to add to each time of the current session, in whole milliseconds; negative moves into the past
     * @return how many samples moved, texts included
     * @throws IllegalArgumentException if samples are moved out of what {@link DeliveryQuery#BEGINNING} and
     *     {@link DeliveryQuery#END} bound
     * @throws StoreException if they cannot be moved
     */
    long clockSet(Instant until, Duration step) throws StoreException;

    /**
     * Returns the last text that was written under a key by {@link #note(String, String)}, also by an earlier run of the
     * agent; empty if there is none.
     *
     * @throws StoreException if it cannot be read
     */
    Optional<String> note(String key) throws StoreException;

    /**
     * Writes a text under a key, over the one before: a small fact that a delivering bundle needs after a restart, such
     * as the last known start of the server. It is as durable as an acknowledgement: after a power cut the store has a
     * note only if it also has every acknowledgement that was made before it.
     *
     * @param key unique among all bundles, so it starts with the name of one: {@code uploader.server}
     * @param value a few hundred characters at most
     * @throws StoreException if it cannot be written; the one before stays
     */
    void note(String key, String value) throws StoreException;

    /**
     * Has the current session continue the clock of the earlier sessions of this boot, if the clock stepped since:
     * what it has stamped is moved onto that clock. Afterwards all sessions of the boot are on one clock, and
     * {@link #clockSet} corrects all of them at once. Called again, it does nothing more.
     *
     * @return that clock, which the next timestamps have to be of
     * @throws StoreException if that cannot be read or moved; nothing changes
     */
    default SessionClock continueClock() throws StoreException {
        return new SessionClock(Duration.ZERO, false);
    }

    /**
     * The clock of the system is ahead of the timestamps to come, as a step of it is not accepted. What the store
     * compares with the present, as ages and the times of batches, it compares with the clock minus this. Lasts until the
     * next call or the end of the store.
     */
    default void clockAhead(Duration ahead) {}

    /**
     * A server agrees with the timestamps of the current session. {@link #continueClock} of later sessions of this boot
     * returns it.
     *
     * @throws StoreException if it cannot be remembered
     */
    default void clockConfirmed() throws StoreException {}

    /** The store in figures, as of the last change; returns at once. */
    StoreStatus status();

    /** Names the run of the agent that appends are remembered with; empty if the store does not number runs, or is not open. */
    default Optional<UUID> session() {
        return Optional.empty();
    }
}
