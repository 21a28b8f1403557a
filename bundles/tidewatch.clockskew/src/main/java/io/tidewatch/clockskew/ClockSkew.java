package io.tidewatch.clockskew;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the clock with a server's, at the start, on every interval, and when server or settings change. Its thread is
 * {@code tidewatch-clockskew}.
 */
@Component(
        service = {Collector.class, HealthCheck.class},
        immediate = true,
        configurationPid = ClockSkew.PID,
        property = HealthCheck.NAME + "=time")
@CollectorProperties(name = "time", interval = "60s")
@Designate(ocd = ClockSkew.Config.class)
public final class ClockSkew implements Collector, HealthCheck {
    static final String PID = "tidewatch.clockskew";

    static final Metric SKEW = Metric.gauge(
            "time.skew_ms", Unit.MILLISECONDS, "Clock of the device minus clock of the server, by its Date header");

    private static final Logger LOG = LoggerFactory.getLogger(ClockSkew.class);
    /** Of the connection, which cannot be given up, and of each read. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Configuration, PID {@code tidewatch.clockskew}. */
    @ObjectClassDefinition(
            id = PID,
            name = "Clock skew",
            description = "Compares the clock of the device with that of a server")
    public @interface Config {
        /** Whether to compare. */
        @AttributeDefinition(description = "false: the clock is not compared with anything")
        String enabled() default "true";

        /** What to ask. */
        @AttributeDefinition(
                description =
                        "http or https URL whose answers carry a Date header; empty for /health of the server that"
                                + " samples are uploaded to")
        String url() default "";

        /** How often. */
        @AttributeDefinition(description = "Time from one comparison to the next")
        String check_interval() default "5m";

        /** When to warn. */
        @AttributeDefinition(description = "A clock that is further off is degraded, with a warning in the log")
        String warn_threshold() default "2s";
    }

    private final Clock clock;
    private final SkewReport report;
    private final ServerDate serverDate;
    private final Thread thread;

    private volatile SkewSettings settings;
    private volatile List<InvalidSettingException> rejected = List.of();
    private volatile @Nullable DeliveryTarget target;

    private boolean due = true;
    private boolean closed;

    /** For Declarative Services. */
    @Activate
    public ClockSkew(Config config) {
        this(config, Clock.systemUTC(), System::nanoTime);
    }

    /**
     * @param config the configuration; a wrong value is replaced by its default
     * @param clock the clock that is compared
     * @param nanoTime monotonic nanoseconds
     */
    ClockSkew(Config config, Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.report = new SkewReport(nanoTime);
        this.serverDate = new ServerDate(clock, nanoTime, TIMEOUT);
        List<InvalidSettingException> problems = new ArrayList<>();
        this.settings = SkewSettings.read(config, problems);
        reject(problems, "the default");
        this.thread = new Thread(this::run, "tidewatch-clockskew");
        this.thread.start();
    }

    /** Takes a changed configuration, all of it or, if a value is wrong, nothing of it. */
    @Modified
    void modified(Config config) {
        List<InvalidSettingException> problems = new ArrayList<>();
        SkewSettings changed = SkewSettings.read(config, problems);
        reject(problems, "the configuration before");
        if (problems.isEmpty()) {
            settings = changed;
            compareNow();
        }
    }

    /** Ends the thread and waits for that, but not for a resolver that takes its time: the thread then ends by itself. */
    @Deactivate
    void deactivate() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        serverDate.abort();
        thread.join(TIMEOUT.toMillis() + 1000);
    }

    /** The server that samples are delivered to. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTarget(DeliveryTarget bound) {
        target = bound;
        compareNow();
    }

    void updatedTarget(DeliveryTarget updated) {
        compareNow();
    }

    void unbindTarget(DeliveryTarget unbound) {
        if (target == unbound) {
            target = null;
            compareNow();
        }
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SKEW);
    }

    @Override
    public List<Sample> collect() {
        SkewSettings now = settings;
        OptionalDouble skew = now.enabled() ? report.skewMillis(now) : OptionalDouble.empty();
        return skew.isPresent() ? List.of(SKEW.sample(skew.getAsDouble())) : List.of();
    }

    @Override
    public Health check() {
        Health health = report.health(settings);
        List<InvalidSettingException> problems = rejected;
        if (problems.isEmpty()) {
            return health;
        }
        StringBuilder message = new StringBuilder("mend " + PID + ".cfg: ");
        problems.forEach(problem -> message.append(problem.getMessage()).append("; "));
        return new Health(Status.DEGRADED, message + health.message(), health.details());
    }

    private void reject(List<InvalidSettingException> problems, String inForce) {
        rejected = List.copyOf(problems);
        for (InvalidSettingException problem : problems) {
            LOG.error("{}.cfg: {}; {} stays in force", PID, problem.getMessage(), inForce);
        }
    }

    private synchronized void compareNow() {
        due = true;
        notifyAll();
    }

    private void run() {
        try {
            while (awaitNext()) {
                compare();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but whoever wants it to end.
            LOG.debug("Interrupted");
        }
    }

    /** @return false when it is over */
    private synchronized boolean awaitNext() throws InterruptedException {
        long start = System.nanoTime();
        while (!closed && !due) {
            Duration left = settings.checkInterval().minusNanos(System.nanoTime() - start);
            if (left.isNegative() || left.isZero()) {
                break;
            }
            // In steps of at most an hour, which fit any unit.
            wait(Math.min(left.toMillis() + 1, 3_600_000));
        }
        due = false;
        return !closed;
    }

    private void compare() {
        SkewSettings now = settings;
        DeliveryTarget server = target;
        URI url = now.enabled() ? url(now, server) : null;
        report.ask(url);
        if (url == null) {
            return;
        }
        try {
            Duration skew = serverDate.compare(url, token(url, server));
            report.measured(skew, clock.instant(), now);
        } catch (IOException | RuntimeException e) {
            report.failed(described(e));
        }
    }

    /** The JDK's exceptions often tell their point by their class: the message of an unknown host is its name. */
    private static String described(Exception e) {
        return e.getClass() == IOException.class && e.getMessage() != null
                ? e.getMessage()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static @Nullable URI url(SkewSettings settings, @Nullable DeliveryTarget server) {
        if (settings.url().isPresent()) {
            return settings.url().get();
        }
        try {
            return server == null ? null : Origin.healthPage(server.url());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** The token of the delivery, for the same server and nobody else. */
    private static Optional<String> token(URI url, @Nullable DeliveryTarget server) {
        return server != null && Origin.of(url).equals(Origin.of(server.url()))
                ? server.bearerToken()
                : Optional.empty();
    }
}
