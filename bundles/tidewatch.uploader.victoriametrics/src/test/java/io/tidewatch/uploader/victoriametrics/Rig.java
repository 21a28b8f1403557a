package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.testing.store.ListStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** The loop with a list for a store, a scripted receiver for a server, and waits that take no time. */
final class Rig implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** Something that happens while the loop waits. */
    interface WhileWaiting {
        void happen(Duration wait) throws IOException;
    }

    final ScriptedReceiver receiver;
    final ListStore list = new ListStore();
    final AtomicReference<SampleStore> store = new AtomicReference<>();
    final AtomicReference<UploaderSettings> settings = new AtomicReference<>();
    final List<Duration> waits = new ArrayList<>();
    final List<DeliveryQuery> queries = new ArrayList<>();
    final UploadReport report;
    final UploadLoop loop;
    final ImportClient client = new ImportClient("1.2.3");
    WhileWaiting whileWaiting = wait -> {};
    Instant now = NOW;

    private final Map<String, String> keys = new HashMap<>();
    private final Courier courier;
    private long nanos = 1_000_000_000_000L;

    Rig() throws IOException {
        receiver = ScriptedReceiver.start();
        configure("url", receiver.url().toString(), "timeout", "10s", "retry.jitter.percent", "0");
        store.set(new Checked());
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        report = new UploadReport(clock, () -> nanos);
        Random random = new Random(1);
        courier = new Courier(client, report, () -> Optional.of("rig-1"), clock, random, this::pause);
        loop = new UploadLoop(store::get, settings::get, courier, report, clock, () -> nanos, random, this::pause);
    }

    /** Changes keys of the configuration: {@code configure("chunk.size", "1")}. */
    void configure(String... keysAndValues) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        List<InvalidSettingException> problems = new ArrayList<>();
        settings.set(UploaderSettings.read(TypedConfiguration.of(Uploader.Config.class, keys), problems));
        assertThat(problems).isEmpty();
    }

    void append(Instant time, Priority priority, int series) throws StoreException {
        list.append(Samples.pass(time, priority, series));
    }

    /** One cycle and the wait behind it. */
    Duration cycle() throws InterruptedException {
        Duration wait = loop.cycle();
        advance(wait);
        return wait;
    }

    /** Cycles until nothing is pending. */
    void drain() throws InterruptedException {
        for (int i = 0; i < 20 && !list.pending().isEmpty(); i++) {
            cycle();
        }
        assertThat(list.pending()).isEmpty();
    }

    void advance(Duration duration) {
        nanos += duration.toNanos();
        now = now.plus(duration);
    }

    Health health() {
        return report.health(
                settings.get(), store.get() == null ? null : store.get().status());
    }

    /** What must hold at any time: nothing is settled that the server has not got. */
    void assertNothingSettledUnreceived() {
        Set<ReceivedSample> received = new HashSet<>(receiver.samples());
        Set<ListStore.Entry> pending = new HashSet<>(list.pending());
        assertThat(list.entries().stream()
                        .filter(entry ->
                                !pending.contains(entry) && !list.setAside().containsKey(entry))
                        .map(Samples::onTheWire))
                .isSubsetOf(received);
    }

    /** What must hold at the end: everything received at least once, settled once. */
    void assertAllDelivered() {
        assertThat(list.pending()).isEmpty();
        assertThat(list.setAside()).isEmpty();
        assertThat(new HashSet<>(receiver.samples()))
                .isEqualTo(new HashSet<>(
                        list.entries().stream().map(Samples::onTheWire).toList()));
        List<Slice> settled = new ArrayList<>();
        list.settlements()
                .forEach(settlement ->
                        settlement.acknowledged().forEach(acknowledgement -> settled.addAll(acknowledgement.slices())));
        assertThat(settled.stream().mapToInt(Slice::size).sum())
                .isEqualTo(list.entries().size());
        assertThat(health().details())
                .containsEntry("uploaded_total", (long) list.entries().size());
    }

    @Override
    public void close() throws IOException {
        courier.close();
        client.close();
        receiver.close();
    }

    private boolean pause(Duration duration) {
        UploaderSettings before = settings.get();
        SampleStore source = store.get();
        waits.add(duration);
        advance(duration);
        try {
            whileWaiting.happen(duration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return before.equals(settings.get()) && source == store.get();
    }

    /** The list, checked at every settlement. */
    final class Checked implements SampleStore {
        @Override
        public AppendResult append(SampleBatch batch) throws StoreException {
            return list.append(batch);
        }

        @Override
        public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
            queries.add(query);
            return list.next(query);
        }

        @Override
        public void settle(Delivery delivery, Settlement settlement) throws StoreException {
            list.settle(delivery, settlement);
            assertNothingSettledUnreceived();
        }

        @Override
        public long reopen(Instant acknowledgedSince) throws StoreException {
            return list.reopen(acknowledgedSince);
        }

        @Override
        public long shift(Instant from, Instant until, Duration step) throws StoreException {
            return list.shift(from, until, step);
        }

        @Override
        public StoreStatus status() {
            return list.status();
        }
    }
}
