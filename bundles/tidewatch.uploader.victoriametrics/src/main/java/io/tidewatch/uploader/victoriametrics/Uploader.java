package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.SampleStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers pending samples to VictoriaMetrics, on the thread {@code tidewatch-uploader}. Store and device may come, go
 * and be replaced while it runs; a delivery of a store that went away is dropped, its samples are still pending there.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = Uploader.PID)
@Designate(ocd = Uploader.Config.class)
public final class Uploader implements UploaderSelf {
    static final String PID = "tidewatch.uploader.victoriametrics";

    private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);

    /** How long a request under way may still take at the end: broken off, it would be sent again after the start. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration JOIN = Duration.ofSeconds(3);

    /** While a server is not reached: time between two looks at the routes, some 0.2 ms each. */
    private static final Duration NETWORK_LOOK = Duration.ofSeconds(3);

    /** Configuration, PID {@code tidewatch.uploader.victoriametrics}. */
    @ObjectClassDefinition(
            id = PID,
            name = "VictoriaMetrics uploader",
            description = "Delivers pending samples to VictoriaMetrics")
    public @interface Config {
        /** Whether to deliver. */
        @AttributeDefinition(description = "false: samples are only stored")
        String enabled() default "true";

        /** Where to. */
        @AttributeDefinition(
                description = "Import URL, such as http://host:8428/api/v1/import; empty: samples are only stored",
                required = false)
        String url() default "";

        /** How often. */
        @AttributeDefinition(description = "Time from one upload to the next")
        String upload_interval() default "30s";

        /** Limit of a request. */
        @AttributeDefinition(description = "How long a request may take, answer included")
        String timeout() default "30s";

        /** Limit of a live query. */
        @AttributeDefinition(description = "Samples that one query for fresh samples reads at most")
        String batch_size() default "2500";

        /** Lines per request. */
        @AttributeDefinition(
                description =
                        "Lines in one request at most; a line is one series. A link that does not carry so many gets fewer")
        String chunk_size() default "100";

        /** Samples per line. */
        @AttributeDefinition(description = "Samples in one line at most")
        String line_values() default "100";

        /** How long the server may forget. */
        @AttributeDefinition(
                description = "How long the server keeps what it has acknowledged in memory only;"
                        + " 0s: nothing is sent again when it was restarted")
        String settle_time() default "30s";

        /** Limit of the backlog. */
        @AttributeDefinition(
                description = "Size per second that the backlog may use of the network, such as 50KiB; empty: no limit",
                required = false)
        String backlog_bandwidth() default "";

        /** The token. */
        @AttributeDefinition(
                description = "File with the bearer token, which not every user may read; read at every request",
                required = false)
        String token_file() default "";

        /** The authorities. */
        @AttributeDefinition(
                description = "Certificates (PEM) of the authorities to trust; empty: those of the Java installation",
                required = false)
        String ca_file() default "";

        /** The certificate. */
        @AttributeDefinition(description = "Certificate (PEM) that this device shows to the server", required = false)
        String client_cert_file() default "";

        /** Its key. */
        @AttributeDefinition(
                description = "Private key (PEM) of that certificate, not encrypted; not every user may read it",
                required = false)
        String client_key_file() default "";

        /** The proxy. */
        @AttributeDefinition(
                description =
                        "HTTP proxy to go through, such as http://user:password@proxy:3128; empty or direct: none",
                type = AttributeType.PASSWORD,
                required = false)
        String proxy() default "";

        /** Further headers. */
        @AttributeDefinition(
                description = "Headers of every request, as name=value,name=value",
                type = AttributeType.PASSWORD,
                required = false)
        String headers() default "";

        /** Who may acknowledge. */
        @AttributeDefinition(
                description =
                        "known: a success counts only from a peer that is known to be the server, by a verified certificate,"
                                + " VictoriaMetrics' header X-Server-Hostname or its metrics page; any: from any peer")
        String peer() default "known";

        /** Another success. */
        @AttributeDefinition(description = "true: an empty 200 from a known peer is a success too")
        String accept_empty_200() default "false";

        /** Whether to try again at once. */
        @AttributeDefinition(description = "false: one attempt per upload interval")
        String retry_enabled() default "true";

        /** Attempts. */
        @AttributeDefinition(description = "Attempts per upload interval, the first included")
        String retry_max_attempts() default "3";

        /** First wait. */
        @AttributeDefinition(description = "Wait behind the first failed attempt")
        String retry_initial_backoff() default "5s";

        /** Longest wait. */
        @AttributeDefinition(description = "The longest wait between two attempts")
        String retry_max_backoff() default "60s";

        /** Growth of waits. */
        @AttributeDefinition(description = "Each wait is so many times the one before")
        String retry_backoff_multiplier() default "3";

        /** Spread of waits. */
        @AttributeDefinition(description = "Each wait is longer or shorter by up to this many percent")
        String retry_jitter_percent() default "20";
    }

    private final Services services;
    private final Clock clock;
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
    private volatile UploaderSettings settings;
    private volatile List<InvalidSettingException> rejected = List.of();
    private volatile @Nullable SampleStore store;
    private volatile @Nullable Device device;
    private volatile @Nullable AgentClock agentClock;

    /** For Declarative Services. */
    @Activate
    public Uploader(Config config, BundleContext context) {
        this(config, context.getBundle().getVersion().toString(), Clock.systemUTC(), Services.in(context));
    }

    /**
     * @param config the configuration; a wrong value is replaced by its default
     * @param version version of the agent
     * @param clock the time of the device
     * @param services gets the health and the server that is delivered to
     */
    Uploader(Config config, String version, Clock clock, Services services) {
        this.services = services;
        this.clock = new SampleClock(clock, () -> agentClock);
        this.report = new UploadReport(this.clock, System::nanoTime);
        this.client = new ImportClient(version);
        this.userAgent = ImportClient.userAgent(version);
        List<InvalidSettingException> problems = new ArrayList<>();
        this.settings = UploaderSettings.read(config, problems);
        reject(problems, "the default");
        report.state().target(settings);
        warnOfSecrets();
        Timing timing = new Timing(this.clock, System::nanoTime, pause, new Random());
        PeerIdentity peer = new PeerIdentity();
        ServerWatch watch = new ServerWatch(client::serverPage, peer, report, timing);
        ChunkPost post = new ChunkPost(client, report, watch, peer, this::deviceId, network, timing);
        this.loop = new UploadLoop(
                () -> store,
                () -> settings,
                this::doubt,
                new DrainCycle.Deliverers(
                        new Courier(post, report, watch, timing), watch, report, new Bandwidth(), timing));
        this.thread = new Thread(loop, "tidewatch-uploader");
        services.offer(this);
        offerTarget();
        this.thread.start();
    }

    /** Takes a changed configuration, all of it or, if a value is wrong, nothing of it. */
    @Modified
    void modified(Config config) {
        List<InvalidSettingException> problems = new ArrayList<>();
        UploaderSettings changed = UploaderSettings.read(config, problems);
        reject(problems, "the configuration before");
        if (problems.isEmpty() && !changed.equals(settings)) {
            settings = changed;
            report.state().target(changed);
            warnOfSecrets();
            offerTarget();
            pause.end();
        }
    }

    /**
     * Ends the thread within 5 seconds: a request under way may end, then it is broken off. What was accepted is completed;
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
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
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

    /** Who sends. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDevice(Device bound) {
        device = bound;
    }

    void unbindDevice(Device unbound) {
        if (device == unbound) {
            device = null;
        }
    }

    /** Knows whether the time of samples can be believed. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindClock(AgentClock bound) {
        agentClock = bound;
    }

    void unbindClock(AgentClock unbound) {
        if (agentClock == unbound) {
            agentClock = null;
        }
    }

    @Override
    public Health check() {
        SampleStore source = store;
        Health health = report.health(settings, source == null ? null : source.status());
        return HealthRemarks.on(health, rejected, client);
    }

    @Override
    public UploadFigures figures() {
        return report.figures();
    }

    private Optional<String> doubt() {
        AgentClock now = agentClock;
        return now == null ? UnsetClock.doubt(clock.instant()) : now.doubt();
    }

    private Optional<String> deviceId() {
        return Optional.ofNullable(device).map(Device::id);
    }

    /** Called by one thread at a time, as DS does with the methods of a component's life. */
    private void offerTarget() {
        Optional<ServerTarget> wanted = ServerTarget.of(settings, targetConnector, userAgent);
        if (!wanted.map(ServerTarget::way).equals(offered.map(ServerTarget::way))) {
            offered = wanted;
            services.offer((DeliveryTarget) wanted.orElse(null));
        }
    }

    private void warnOfSecrets() {
        if (SecretsInTheClear.isTrue(settings)) {
            LOG.warn(
                    "The token or password for {} goes there unencrypted, where anyone on the way can read it: use https in"
                            + " url, or an encrypted network",
                    settings.endpoint().map(Endpoint::server).orElse(""));
        }
    }

    private void reject(List<InvalidSettingException> problems, String inForce) {
        rejected = List.copyOf(problems);
        for (InvalidSettingException problem : problems) {
            LOG.error("{}.cfg: {}; {} stays in force", PID, problem.getMessage(), inForce);
        }
    }
}
