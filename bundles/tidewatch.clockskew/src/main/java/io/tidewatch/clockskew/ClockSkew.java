package io.tidewatch.clockskew;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.store.SampleStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the clock with a server's, at the start, on every interval, and when server, settings or the clock change;
 * notices when the clock is set, and has samples moved; tells whether the clock can be believed. Its thread is
 * {@code tidewatch-clockskew}.
 */
@Component(
        service = {AgentClock.class, Collector.class, HealthCheck.class},
        immediate = true,
        configurationPid = ClockSkew.PID,
        property = HealthCheck.NAME + "=time")
@CollectorProperties(name = "time", interval = "60s")
@Designate(ocd = ClockSkew.Config.class)
public final class ClockSkew implements AgentClock, Collector, HealthCheck {
    static final String PID = "tidewatch.clockskew";

    static final Metric SKEW = Metric.gauge(
            "time.skew_ms", Unit.MILLISECONDS, "Clock of the device minus clock of the server, by its Date header");

    static final Metric STEPS =
            Metric.counter("time.steps_total", Unit.NONE, "Steps of the clock by more than two seconds");

    /** Header of the manifest with the moment of the build. */
    private static final String BUILT = "Tidewatch-Built";

    private static final Logger LOG = LoggerFactory.getLogger(ClockSkew.class);
    /** Of the connection, which cannot be given up, and of each read. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Configuration, PID {@code tidewatch.clockskew}. */
    @ObjectClassDefinition(
            id = PID,
            name = "Clock skew",
            description = "Compares the clock of the device with that of a server")
    public @interface Config {
        @AttributeDefinition(description = "false: the clock is not compared with anything")
        String enabled() default "true";

        @AttributeDefinition(
                description =
                        "http or https URL whose answers carry a Date header; empty for /health of the server that"
                                + " samples are uploaded to")
        String url() default "";

        @AttributeDefinition(description = "Time from one comparison to the next")
        String check_interval() default "5m";

        @AttributeDefinition(description = "A clock that is further off is degraded, with a warning in the log")
        String warn_threshold() default "2s";
    }

    private final SkewReport report;
    private final DeviceClock deviceClock;
    private final ClockTrust trust;
    private final FirstComparison first;
    private final ServerDate serverDate;
    private final ComparisonLoop loop;

    private final LastGood<SkewSettings> settings;
    private volatile @Nullable DeliveryTarget target;
    private volatile @Nullable SampleStore store;

    @Activate
    public ClockSkew(Config config, BundleContext context) {
        this(config, TimeSource.LINUX, built(context));
    }

    ClockSkew(Config config, TimeSource source, Instant built) {
        this.settings = new LastGood<>(PID, LOG::error, reader -> SkewSettings.read(config, reader));
        this.report = new SkewReport(source.nanoTime());
        this.serverDate = new ServerDate(source.wall(), source.nanoTime(), TIMEOUT);
        this.first = new FirstComparison(source.nanoTime(), this::compareNow);
        this.deviceClock = new DeviceClock(
                source, new StepCheck(built), new StoreGate(() -> store), this::isComparable, this::clockStepped);
        this.trust = new ClockTrust(deviceClock, report, first, built);
        Comparison comparison = new Comparison(deviceClock, serverDate, report, first);
        this.loop = new ComparisonLoop(
                deviceClock,
                () -> settings.inForce().checkInterval(),
                () -> comparison.run(settings.inForce(), target));
        if (isComparable()) {
            first.begin();
        }
        loop.start();
    }

    /** Takes a changed configuration, all of it or, if a value is wrong, nothing of it. */
    @Modified
    void modified(Config config) {
        if (settings.offer(reader -> SkewSettings.read(config, reader))) {
            compareAfresh();
        }
    }

    /** Ends the thread and waits for that, but not for a resolver that takes its time: the thread then ends by itself. */
    @Deactivate
    void deactivate() throws InterruptedException {
        loop.close();
        serverDate.abort();
        deviceClock.close();
        loop.join(TIMEOUT.plusSeconds(1));
    }

    /** The server that samples are delivered to. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindTarget(DeliveryTarget bound) {
        target = bound;
        compareAfresh();
    }

    void updatedTarget(DeliveryTarget updated) {
        compareAfresh();
    }

    void unbindTarget(DeliveryTarget unbound) {
        if (target == unbound) {
            target = null;
            compareNow();
        }
    }

    /** Where samples are that may have to be moved. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindStore(SampleStore bound) {
        store = bound;
        deviceClock.storeArrived();
    }

    void unbindStore(SampleStore unbound) {
        if (store == unbound) {
            store = null;
        }
    }

    @Override
    public Stamp now() {
        return deviceClock.now();
    }

    @Override
    public Optional<String> doubt() {
        // Without a store the clock is not compared with that of the sessions before.
        return store == null
                ? Optional.of("there is no store; see health of storage")
                : trust.doubt(deviceClock.look(), settings.inForce());
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SKEW, STEPS);
    }

    @Override
    public List<Sample> collect() {
        List<Sample> samples = new ArrayList<>();
        samples.add(STEPS.sample((double) deviceClock.steps()));
        report.skew(settings.inForce()).ifPresent(skew -> samples.add(SKEW.sample((double) skew.toMillis())));
        return samples;
    }

    @Override
    public Health check() {
        return settings.on(trust.health(report.health(settings.inForce()), deviceClock.look()));
    }

    /** The property of the framework is for machines whose clock is made up. */
    private static Instant built(BundleContext context) {
        String property = context.getProperty("tidewatch.built");
        String built = property == null ? context.getBundle().getHeaders().get(BUILT) : property;
        return built == null ? Instant.EPOCH : Instant.parse(built);
    }

    private boolean isComparable() {
        return Comparison.isPossible(settings.inForce(), target);
    }

    void compareNow() {
        loop.compareNow();
    }

    /** What was measured is not worth anything any more. */
    private void compareAfresh() {
        if (isComparable()) {
            first.begin();
        }
        compareNow();
    }

    private void clockStepped() {
        report.forget();
        compareAfresh();
    }
}
