package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.uploader.victoriametrics.answer.PeerIdentity;
import io.tidewatch.uploader.victoriametrics.cycle.Bandwidth;
import io.tidewatch.uploader.victoriametrics.cycle.ChunkPost;
import io.tidewatch.uploader.victoriametrics.cycle.ChunkSender;
import io.tidewatch.uploader.victoriametrics.cycle.UploadCycle;
import io.tidewatch.uploader.victoriametrics.cycle.UploadLoop;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.http.Routes;
import io.tidewatch.uploader.victoriametrics.http.Sending;
import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import io.tidewatch.uploader.victoriametrics.report.UploadHealth;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.restart.ServerWatch;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.Pause;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The loop with a list for a store, a scripted receiver for a server, and waits that take no time. */
public final class Rig implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** Something that happens while the loop waits. */
    public interface WhileWaiting {
        void happen(Duration wait) throws IOException;
    }

    public final ScriptedReceiver receiver;
    public final ListStore list;
    public final AtomicReference<SampleStore> store = new AtomicReference<>();
    public final AtomicReference<UploaderSettings> settings = new AtomicReference<>();
    public final List<Duration> waits = new ArrayList<>();
    public final List<DeliveryQuery> queries = new ArrayList<>();
    public final UploadReport report;
    public final UploadLoop loop;
    public final ImportClient client = new ImportClient("1.2.3");
    /** The way to the server; another one may take its place. */
    public Sending way = client;

    /** Called whenever time has passed. */
    public Runnable passing = () -> {};

    public WhileWaiting whileWaiting = wait -> {};
    public Instant now;

    private final Map<String, String> keys = new HashMap<>();

    /** When each request was sent. */
    public final List<Instant> sentAt = new ArrayList<>();

    public final List<Instant> startsAsked = new ArrayList<>();
    public final List<Instant> startsReported = new ArrayList<>();

    /** A server that has been up for long; null: it does not say. */
    @Nullable
    public Instant serverStart = NOW.minus(Duration.ofDays(30));

    /** Clock of the device minus that of the server. */
    public Duration clockError = Duration.ZERO;

    /** Whether the store takes no notes. */
    public boolean notesFail;

    /** Flags and ignored rows on the page of the server, and connections to storage nodes that broke. */
    public Map<String, String> flags = Map.of("maxLabelsPerTimeseries", "40", "maxLabelValueLen", "4096");

    public Map<String, Long> ignored = Map.of();
    public long storageErrors;

    /** Whether a server without a start has a page, as vmauth. */
    public boolean pageWithoutStart;

    /** Whether the server answers imports, and nothing else. */
    public boolean metricsPageFails;

    /** Whether the network changes while the loop waits for it. */
    public boolean networkChanges;

    /** Changes with the network. */
    public long network;

    /** Why the clock is not to be believed. */
    public Optional<String> doubt = Optional.empty();

    /** How long each request takes. */
    public Duration requestTakes = Duration.ZERO;

    private Runnable everyTime = () -> {};
    private Runnable happens = () -> {};
    private int happensAt;

    private final ChunkSender sender;
    private long nanos = 1_000_000_000_000L;

    public Rig() throws IOException {
        this(ScriptedReceiver.start(), new ListStore(), NOW);
    }

    private Rig(ScriptedReceiver receiver, ListStore list, Instant begin) {
        this.receiver = receiver;
        this.list = list;
        this.now = begin;
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
        report.state().target(settings.get());
        Timing timing = new Timing(clock, () -> nanos, new RecordedPause(), new Random(1));
        PeerIdentity peer = new PeerIdentity();
        ServerWatch watch = new ServerWatch(settings -> page(), peer, report, timing);
        ChunkPost post =
                new ChunkPost(new Way(), report, watch, peer, this::deviceId, new Routes(Path.of("/proc/net")), timing);
        sender = new ChunkSender(post, report, watch, timing);
        loop = new UploadLoop(
                store::get,
                settings::get,
                () -> doubt,
                new UploadCycle.Deliverers(sender, watch, report, new Bandwidth(), timing));
    }

    /** Changes keys of the configuration: {@code configure("chunk.size", "1")}. */
    public void configure(String... keysAndValues) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        List<InvalidSettingException> problems = new ArrayList<>();
        settings.set(
                UploaderSettings.read(TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(problems)));
        assertThat(problems).isEmpty();
    }

    public void append(Instant time, Priority priority, int series) throws StoreException {
        list.append(Samples.pass(time, priority, series));
    }

    /** One cycle and the wait behind it. */
    public Duration cycle() throws InterruptedException {
        Duration wait = loop.cycle();
        advance(wait);
        return wait;
    }

    /** Cycles until nothing is pending. */
    public void drain() throws InterruptedException {
        for (int i = 0; i < 20 && !list.pending().isEmpty(); i++) {
            cycle();
        }
        assertThat(list.pending()).isEmpty();
    }

    public void advance(Duration duration) {
        nanos += duration.toNanos();
        now = now.plus(duration);
        passing.run();
    }

    /** The clock of the device is set. */
    public void setClock(Duration step) {
        now = now.plus(step);
    }

    /** Has something happen once, while the request with this number is under way. */
    public void duringRequest(int number, Runnable action) {
        happens = action;
        happensAt = sentAt.size() + number;
    }

    /** Has something happen while each request is under way. */
    public void duringEveryRequest(Runnable action) {
        everyTime = action;
    }

    public void appendQuietly(Instant time, Priority priority, int series) {
        try {
            append(time, priority, series);
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops the agent in order. */
    public void stop() {
        loop.stop();
        loop.run();
    }

    /** The agent after a restart: with the same store, and knowing nothing else. */
    public Rig restarted() {
        Rig next = new Rig(receiver, list, now);
        next.serverStart = serverStart;
        return next;
    }

    public Health health() {
        return UploadHealth.of(
                report, settings.get(), store.get() == null ? null : store.get().status());
    }

    /** What must hold at any time: nothing is completed that the server has not got. */
    public void assertNothingCompletedUnreceived() {
        Set<ReceivedSample> received = new HashSet<>(receiver.samples());
        Set<ListStore.Entry> pending = new HashSet<>(list.pending());
        Set<ListStore.Entry> quarantined = list.quarantined().keySet();
        // Not by an assertion on the whole, which is quadratic.
        assertThat(list.entries().stream()
                        .filter(entry -> !pending.contains(entry) && !quarantined.contains(entry))
                        .map(Samples::onTheWire)
                        .filter(sample -> !received.contains(sample)))
                .isEmpty();
    }

    /** What must hold at the end: everything received at least once, completed once. */
    public void assertAllDelivered() {
        assertThat(list.pending()).isEmpty();
        assertThat(list.quarantined()).isEmpty();
        assertThat(new HashSet<>(receiver.samples()))
                .isEqualTo(new HashSet<>(
                        list.entries().stream().map(Samples::onTheWire).toList()));
        List<Slice> completed = new ArrayList<>();
        list.outcomes().forEach(outcome -> outcome.acknowledged()
                .forEach(acknowledgement -> completed.addAll(acknowledgement.slices())));
        assertThat(completed.stream().mapToInt(Slice::size).sum())
                .isEqualTo(list.entries().size());
        assertThat(health().details())
                .containsEntry("uploaded_total", (long) list.entries().size());
    }

    @Override
    public void close() throws IOException {
        client.close();
        receiver.close();
    }

    private Optional<ServerPage> page() throws IOException {
        startsAsked.add(now);
        if (metricsPageFails) {
            throw new ConnectException("Connection refused");
        }
        if (serverStart == null) {
            return pageWithoutStart
                    ? Optional.of(new ServerPage(Optional.empty(), flags, Map.of(), 0, 0))
                    : Optional.empty();
        }
        startsReported.add(now);
        ServerPage.Start start = new ServerPage.Start(
                serverStart.getEpochSecond(), Duration.between(serverStart, now.minus(clockError)), storageErrors);
        return Optional.of(new ServerPage(Optional.of(start), flags, ignored, 0, storageErrors > 0 ? 2 : 0));
    }

    /** Asked with every request. */
    private Optional<String> deviceId() {
        sentAt.add(now);
        everyTime.run();
        advance(requestTakes);
        if (sentAt.size() == happensAt) {
            happens.run();
        }
        return Optional.of("rig-1");
    }

    private final class Way implements Sending {
        @Override
        public Reply post(UploaderSettings settings, Optional<String> deviceId, byte[] body, int length)
                throws IOException {
            return way.post(settings, deviceId, body, length);
        }

        @Override
        public int headBytes() {
            return way.headBytes();
        }

        @Override
        public boolean connected() {
            return way.connected();
        }
    }

    private final class RecordedPause implements Pause {
        private long tried;

        @Override
        public End await(Duration duration) {
            UploaderSettings before = settings.get();
            SampleStore source = store.get();
            waits.add(duration);
            advance(duration);
            try {
                whileWaiting.happen(duration);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return before.equals(settings.get()) && source == store.get() ? End.OVER : End.BROKEN;
        }

        @Override
        public End awaitFiles(Duration duration, BooleanSupplier changed) {
            return changed.getAsBoolean() ? End.FILES : await(duration);
        }

        @Override
        public void attempt() {
            tried = network;
        }

        @Override
        public End awaitNetwork(Duration duration) {
            if (networkChanges || network != tried) {
                tried = network;
                networkChanges = false;
                return End.NETWORK;
            }
            return await(duration);
        }
    }

    /** The list, checked at every outcome. */
    public final class Checked implements SampleStore {
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
        public void complete(Delivery delivery, DeliveryOutcome outcome) throws StoreException {
            list.complete(delivery, outcome);
            assertNothingCompletedUnreceived();
        }

        @Override
        public long resend(String destination, Instant acknowledgedSince) throws StoreException {
            return list.resend(destination, acknowledgedSince);
        }

        @Override
        public long shift(Instant from, Instant until, Duration step) throws StoreException {
            return list.shift(from, until, step);
        }

        @Override
        public long clockSet(Instant until, Duration step) throws StoreException {
            return list.clockSet(until, step);
        }

        @Override
        public Optional<String> note(String key) throws StoreException {
            return list.note(key);
        }

        @Override
        public void note(String key, String value) throws StoreException {
            if (notesFail) {
                throw new StoreException("the disk is full");
            }
            list.note(key, value);
        }

        @Override
        public StoreStatus status() {
            return list.status();
        }
    }
}
