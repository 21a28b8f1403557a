package io.tidewatch.uploader.victoriametrics;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.uploader.victoriametrics.answer.PeerIdentity;
import io.tidewatch.uploader.victoriametrics.cycle.Bandwidth;
import io.tidewatch.uploader.victoriametrics.cycle.ChunkPost;
import io.tidewatch.uploader.victoriametrics.cycle.ChunkSender;
import io.tidewatch.uploader.victoriametrics.cycle.UploadCycle;
import io.tidewatch.uploader.victoriametrics.cycle.UploadLoop;
import io.tidewatch.uploader.victoriametrics.encoding.UnsetClock;
import io.tidewatch.uploader.victoriametrics.http.Connector;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.http.Routes;
import io.tidewatch.uploader.victoriametrics.report.UploadHealth;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import io.tidewatch.uploader.victoriametrics.restart.ServerWatch;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.BreakablePause;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers pending samples to VictoriaMetrics, on the thread {@code tidewatch-uploader}. Store and device may come, go
 * and be replaced while it runs; a delivery of a store that went away is dropped, its samples are still pending there.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = UploaderConfig.PID)
@Designate(ocd = UploaderConfig.class)
public final class Uploader implements UploaderSelf {
    private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);

    /** How long a request under way may still take at the end or a change: aborted, it is sent again. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration JOIN = Duration.ofSeconds(3);

    /** While a server is not reached: time between two looks at the routes, some 0.2 ms each. */
    private static final Duration NETWORK_LOOK = Duration.ofSeconds(3);

    private final Services services;
    private final InstantSource clock;
    private final UploadReport report;
    private final Routes network = new Routes(Path.of("/proc/net"));
    private final BreakablePause pause = new BreakablePause(network, NETWORK_LOOK);
    private final ImportClient client;
    /** For those who use the target: they must not make uploads wait. */
    private final Connector targetConnector = new Connector();

    private final String userAgent;
    private final UploadLoop loop;
    private final Thread thread;

    private Optional<ServerTarget> offered = Optional.empty();
    private final LastGood<UploaderSettings> settings;
    private volatile @Nullable SampleStore store;

    /** Who sends. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable Device device;

    /** Knows whether the time of samples can be believed. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable AgentClock agentClock;

    @Activate
    public Uploader(UploaderConfig config, BundleContext context) {
        this(config, context.getBundle().getVersion().toString(), Clock.systemUTC(), Services.in(context));
    }

    Uploader(UploaderConfig config, String version, InstantSource clock, Services services) {
        this.services = services;
        this.clock = clock;
        this.report = new UploadReport(this::now, System::nanoTime);
        this.client = new ImportClient(version);
        this.userAgent = ImportClient.userAgent(version);
        this.settings = new LastGood<>(UploaderConfig.PID, LOG::error, reader -> UploaderSettings.read(config, reader));
        report.state().target(settings.inForce());
        warnOfSecrets();
        Timing timing = new Timing(this::now, System::nanoTime, pause, new Random());
        PeerIdentity peer = new PeerIdentity();
        ServerWatch watch = new ServerWatch(client::serverPage, peer, report, timing);
        ChunkPost post = new ChunkPost(
                client, report, watch, peer, () -> Optional.ofNullable(device).map(Device::id), network, timing);
        this.loop = new UploadLoop(
                () -> store,
                settings::inForce,
                this::doubt,
                new UploadCycle.Deliverers(
                        new ChunkSender(post, report, watch, timing), watch, report, new Bandwidth(), timing));
        this.thread = new Thread(loop, "tidewatch-uploader");
        services.offer(this);
        offerTarget();
        this.thread.start();
    }

    /** Takes a changed configuration, all of it or, if a value is wrong, nothing of it. */
    @Modified
    void modified(UploaderConfig config) {
        UploaderSettings before = settings.inForce();
        settings.offer(reader -> UploaderSettings.read(config, reader));
        if (!settings.inForce().equals(before)) {
            report.state().target(settings.inForce());
            warnOfSecrets();
            offerTarget();
            client.abort(GRACE, "the configuration changed");
            pause.end();
        }
    }

    /**
     * Ends the thread within 5 seconds: a request under way may end, then it is aborted. What was accepted is completed;
     * what was not stays pending. Waits at most 2 seconds for the last question whether the server was restarted.
     */
    @Deactivate
    void deactivate() throws InterruptedException {
        services.withdraw();
        loop.stop();
        pause.end();
        thread.join(GRACE.toMillis());
        client.close();
        if (!loop.asksOnceMore()) {
            thread.join(JOIN.toMillis());
        }
    }

    /** Where samples wait. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindStore(SampleStore bound) {
        store = bound;
        pause.end();
    }

    void unbindStore(SampleStore unbound) {
        if (store == unbound) {
            store = null;
            pause.end();
        }
    }

    @Override
    public Health check() {
        SampleStore source = store;
        Health health = UploadHealth.of(report, settings.inForce(), source == null ? null : source.status());
        Stream<String> files = Stream.ofNullable(client.tlsProblem())
                .map(problem -> problem + "; the certificates before stay in force");
        return health.toFix(
                UploaderConfig.PID + ".cfg",
                Stream.concat(settings.problems().stream(), files).toList());
    }

    @Override
    public UploaderSelf.Figures figures() {
        return report.figures();
    }

    /** The clock that samples are stamped with, which is not the system's while a step of that is not accepted. */
    private Instant now() {
        AgentClock agent = agentClock;
        return agent == null ? clock.instant() : agent.now().time();
    }

    private Optional<String> doubt() {
        AgentClock now = agentClock;
        return now == null ? UnsetClock.doubt(clock.instant()) : now.doubt();
    }

    /** Called by one thread at a time, as DS does with the methods of a component's life. */
    private void offerTarget() {
        UploaderSettings now = settings.inForce();
        Optional<ServerTarget> wanted =
                now.delivering() ? Optional.of(new ServerTarget(now, targetConnector, userAgent)) : Optional.empty();
        if (!wanted.map(ServerTarget::way).equals(offered.map(ServerTarget::way))) {
            offered = wanted;
            services.offer((DeliveryTarget) wanted.orElse(null));
        }
    }

    private void warnOfSecrets() {
        if (settings.inForce().sendsSecretsInTheClear()) {
            LOG.warn(
                    "The token or password for {} goes there unencrypted, where anyone on the way can read it: use https in"
                            + " url, or an encrypted network",
                    settings.inForce().requireEndpoint().server());
        }
    }
}
