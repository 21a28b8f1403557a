package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The component with its thread, on real time. */
@Timeout(120)
final class UploaderTest {
    private final ListStore store = new ListStore();
    private final Map<String, String> keys = new HashMap<>();
    private final List<Optional<DeliveryTarget>> targets = Collections.synchronizedList(new ArrayList<>());
    private final Services services = new Services() {
        @Override
        public void offer(UploaderSelf self) {}

        @Override
        public void offer(@Nullable DeliveryTarget target) {
            targets.add(Optional.ofNullable(target));
        }

        @Override
        public void withdraw() {
            targets.add(Optional.empty());
        }
    };
    private ScriptedReceiver receiver;
    private @Nullable Uploader uploader;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        receiver = ScriptedReceiver.start();
        keys.put("url", receiver.url().toString());
        // Long enough that no test lives to see the end of one: what happens happens because it was woken.
        keys.put("upload.interval", "1d");
        keys.put("retry.initial.backoff", "1d");
        keys.put("retry.max.backoff", "1d");
    }

    @AfterEach
    void stop() throws Exception {
        if (uploader != null) {
            uploader.deactivate();
        }
        receiver.close();
    }

    @Test
    void deliversAsSoonAsThereIsAStore() throws Exception {
        append(3);
        Uploader running = activate();
        running.device = device("rig-1");
        running.bindStore(store);

        awaitDelivered();
        assertThat(running.check().status()).isEqualTo(Status.OK);
        assertThat(receiver.requests().get(0).headers())
                .containsEntry("X-Device-ID", "rig-1")
                .containsEntry("User-Agent", "tidewatch/1.2.3");
    }

    @Test
    void anotherStoreIsTakenUpAndTheOldOneLetGo() throws Exception {
        receiver.byDefault(Fault.ERROR_503);
        append(3);
        Uploader running = activate();
        running.bindStore(store);
        Awaitility.await().until(() -> !receiver.requests().isEmpty());

        receiver.byDefault(Fault.ACCEPT);
        ListStore other = new ListStore();
        other.append(Samples.pass(Clock.systemUTC().instant(), Priority.NORMAL, 5));
        running.bindStore(other);
        running.unbindStore(store);

        Awaitility.await().until(() -> other.pending().isEmpty());
        assertThat(store.pending()).hasSize(3);
        running.unbindStore(other);
        assertThat(running.check().status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void aChangedConfigurationEndsABackoffAtOnce() throws Exception {
        receiver.byDefault(Fault.UNAUTHORIZED_401);
        append(3);
        Uploader running = activate();
        running.bindStore(store);
        Awaitility.await().until(() -> !receiver.requests().isEmpty());

        receiver.byDefault(Fault.ACCEPT);
        Path token = folder.resolve("token");
        SecretFile.write(token, "secret");
        keys.put("token.file", token.toString());
        running.modified(TypedConfiguration.of(UploaderConfig.class, keys));

        awaitDelivered();
        assertThat(targets).hasSize(2);
        assertThat(targets.get(1).orElseThrow().url()).isEqualTo(receiver.url());
    }

    @Test
    void anotherWayToTheServerIsAnotherTarget() throws Exception {
        Uploader running = activate();

        List<Map.Entry<String, String>> changes = List.of(
                Map.entry("proxy", "http://127.0.0.1:9"),
                Map.entry("ca.file", folder.resolve("ca.pem").toString()),
                Map.entry("headers", "X-Tenant=rig"),
                Map.entry("token.file", folder.resolve("token").toString()),
                Map.entry("url", receiver.url().toString().replace("//", "//joe:s3cret@")));
        for (int i = 0; i < changes.size(); i++) {
            keys.put(changes.get(i).getKey(), changes.get(i).getValue());
            running.modified(TypedConfiguration.of(UploaderConfig.class, keys));
            assertThat(targets).as("%s", changes.get(i)).hasSize(i + 2);
        }

        keys.put("upload.interval", "1h");
        running.modified(TypedConfiguration.of(UploaderConfig.class, keys));
        assertThat(targets).as("nothing that concerns it").hasSize(changes.size() + 1);
    }

    @Test
    void aSecretThatIsNoLongerOpenIsUsedWithinSeconds() throws Exception {
        Path token = SecretFile.write(folder.resolve("token"), "s3cret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        keys.put("token.file", token.toString());
        keys.put("upload.interval", "1h");
        append(3);
        Uploader running = activate();
        running.bindStore(store);
        Awaitility.await().until(() -> running.check().message().contains("chmod o-rwx " + token));
        assertThat(running.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(receiver.requests()).isEmpty();

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));

        awaitDelivered();
        Awaitility.await().until(() -> running.check().status() == Status.OK);
    }

    @Test
    void aWrongValueKeepsTheSettingsAndIsTold() throws Exception {
        Uploader running = activate();
        running.bindStore(store);

        keys.put("url", "nonsense");
        keys.put("enabled", "false");
        running.modified(TypedConfiguration.of(UploaderConfig.class, keys));

        assertThat(running.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(running.check().message())
                .startsWith("fix tidewatch.uploader.victoriametrics.cfg: invalid url \"nonsense\"")
                .contains("; nothing was uploaded to ");
        append(3);
        keys.put("url", receiver.url().toString());
        keys.put("enabled", "true");
        keys.put("batch.size", "100");
        running.modified(TypedConfiguration.of(UploaderConfig.class, keys));
        awaitDelivered();
        assertThat(running.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aWrongValueAtTheStartRunsOnItsDefault() throws Exception {
        keys.put("chunk.size", "-1");
        append(3);
        Uploader running = activate();
        running.bindStore(store);

        awaitDelivered();
        assertThat(running.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(running.check().message()).contains("invalid chunk.size \"-1\"");
    }

    @Test
    void switchedOffItOnlyWaits() throws Exception {
        keys.put("enabled", "false");
        append(3);
        Uploader running = activate();
        running.bindStore(store);

        assertThat(targets).isEmpty();
        assertThat(running.check().status()).isEqualTo(Status.OK);
        assertThat(running.check().message()).startsWith("disabled");
        assertThat(running.check().details())
                .containsEntry("enabled", false)
                .containsEntry("disabled", true)
                .containsEntry("pending_count", 3L);

        keys.put("enabled", "true");
        running.modified(TypedConfiguration.of(UploaderConfig.class, keys));
        awaitDelivered();
        assertThat(running.check().details()).doesNotContainKey("disabled");

        keys.put("url", "");
        running.modified(TypedConfiguration.of(UploaderConfig.class, keys));
        assertThat(targets).hasSize(2);
        assertThat(targets.get(1)).isEmpty();
        assertThat(running.check().message()).startsWith("disabled");
    }

    @Test
    void withoutAnybodyWhoKnowsTheClockSamplesWaitWhileItIsIn1970() throws Exception {
        Instant early = Instant.EPOCH.plusSeconds(90);
        store.append(Samples.pass(early, Priority.NORMAL, 3));
        Uploader running = activate(Clock.fixed(early, ZoneOffset.UTC));
        running.bindStore(store);

        Awaitility.await().untilAsserted(() -> assertThat(running.check().message())
                .contains("holding: the clock says 1970-01-01T00:01:30Z, so it was never set", "timedatectl"));
        assertThat(store.pending()).hasSize(3);
        assertThat(store.quarantined()).isEmpty();
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void aChangedUrlEndsARequestThatIsNotAnswered() throws Exception {
        Uploader running = activateAtAServerThatStalls();

        try (ScriptedReceiver another = ScriptedReceiver.start()) {
            keys.put("url", another.url().toString());
            running.modified(TypedConfiguration.of(UploaderConfig.class, keys));

            awaitDelivered();
            assertThat(another.requests()).isNotEmpty();
            Awaitility.await().until(() -> running.check().status() == Status.OK);
        }
    }

    @Test
    void endsInTheMiddleOfARequestThatIsNotAnswered() throws Exception {
        Uploader running = activateAtAServerThatStalls();

        running.deactivate();

        assertThat(threads()).doesNotContain("tidewatch-uploader");
        assertThat(store.pending()).hasSize(3);
        assertThat(targets.get(targets.size() - 1)).isEmpty();
        running.deactivate();
    }

    /** The clock of the system is four days behind, by a step that is not accepted. */
    @Test
    void samplesAreSentByTheClockThatTheyAreStampedWith() throws Exception {
        append(3);
        Uploader running = activate(Clock.offset(Clock.systemUTC(), Duration.ofDays(-4)));
        running.agentClock = new AgentClock() {
            @Override
            public Stamp now() {
                Instant present = Clock.systemUTC().instant();
                return new Stamp() {
                    @Override
                    public Instant time() {
                        return present;
                    }

                    @Override
                    public <R> R store(Storing<R> storing) {
                        throw new UnsupportedOperationException();
                    }
                };
            }

            @Override
            public Optional<String> doubt() {
                return Optional.empty();
            }
        };
        running.bindStore(store);

        awaitDelivered();
    }

    private Uploader activate() {
        return activate(Clock.systemUTC());
    }

    private Uploader activate(Clock clock) {
        Uploader activated = new Uploader(TypedConfiguration.of(UploaderConfig.class, keys), "1.2.3", clock, services);
        uploader = activated;
        return activated;
    }

    /** Its first request is under way. */
    private Uploader activateAtAServerThatStalls() throws Exception {
        keys.put("timeout", "1h");
        receiver.byDefault(Fault.STALL);
        append(3);
        Uploader running = activate();
        running.bindStore(store);
        Awaitility.await().until(() -> !receiver.requests().isEmpty());
        return running;
    }

    private void append(int series) throws StoreException {
        store.append(Samples.pass(Clock.systemUTC().instant(), Priority.NORMAL, series));
    }

    private void awaitDelivered() {
        Awaitility.await().untilAsserted(() -> assertThat(store.pending()).isEmpty());
        assertThat(receiver.samples().stream().distinct())
                .containsAll(store.entries().stream().map(Samples::onTheWire).toList());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static Device device(String id) {
        return new Device() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public SortedMap<String, String> labels() {
                return new TreeMap<>();
            }
        };
    }
}
