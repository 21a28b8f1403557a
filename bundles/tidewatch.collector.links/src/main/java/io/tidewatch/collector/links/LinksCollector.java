package io.tidewatch.collector.links;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PassLimit;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.InterruptedWireException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The links that a bonding sender sends a stream over, in one schema whichever sender it is. Runs only with its .cfg.
 *
 * <p>Of several sources the first with a link that is up counts, in the order of {@link LinkSource.Kind}; {@code link.active} is left out
 * of a pass in which the state of a link is not known.
 */
@Component(service = Collector.class, configurationPid = LinksCollector.PID, configurationPolicy = REQUIRE)
@CollectorProperties(name = "links", interval = "5s", priority = "high")
@Designate(ocd = LinksCollector.Config.class)
public final class LinksCollector extends ConfiguredCollector<LinksSettings> {
    static final String PID = "tidewatch.collector.links";

    @ObjectClassDefinition(id = PID, name = "Links collector", description = "Links of a bonding sender")
    public @interface Config {
        @AttributeDefinition(
                description = "`auto`: the first of the following with a link that is up; or only `stats_file`,"
                        + " `metrics_page`, `control_socket`, `ceraui`, `ips_file`")
        String source() default LinksSettings.AUTO;

        @AttributeDefinition(
                description = "Statistics file of srtla-send-rs (`--stats-file`); `*` stands for any characters, the"
                        + " newest match is read")
        String stats_file() default LinksSettings.STATS_FILE;

        @AttributeDefinition(
                description = "Metrics page of srtla_send (`--metrics-bind`), as `http://127.0.0.1:9099/metrics`",
                required = false)
        String metrics_url() default "";

        @AttributeDefinition(
                description = "Control socket of the sender (`--control-socket`), a path",
                required = false)
        String control_socket() default "";

        @AttributeDefinition(description = "Address of CeraUI, as `http://127.0.0.1/`", required = false)
        String ceraui_url() default "";

        @AttributeDefinition(
                description =
                        "File with a persistent token for CeraUI, readable by the agent's user and not by all users",
                required = false)
        String ceraui_token_file() default "";

        @AttributeDefinition(
                description = "List of the addresses that the sender sends from, one per line: names links, and is the"
                        + " source for senders without statistics")
        String ips_file() default LinksSettings.IPS_FILE;
    }

    private static final Metric ACTIVE = Metric.gauge("link.active", Unit.NONE, "Links that are up", LinkValue.SOURCE);
    private static final Metric SPREAD = Metric.gauge(
            "link.spread",
            Unit.NONE,
            "How evenly the links share the bitrate: 1 evenly, 1/n if one of n carries all (Jain's fairness index)",
            LinkValue.SOURCE);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final ProcFs procFs;
    private final Interfaces interfaces;
    private final Clock clock;
    private volatile Duration limit;
    private @Nullable LinksSettings used;
    private List<LinkSource> sources = List.of();

    @Activate
    public LinksCollector(Config config, Map<String, Object> properties, @Reference ProcFs procFs) {
        this(config, properties, procFs, Interfaces.OF_THIS_MACHINE, Clock.systemUTC());
    }

    LinksCollector(Config config, Map<String, Object> properties, ProcFs procFs, Interfaces interfaces, Clock clock) {
        super(reader -> LinksSettings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
        this.procFs = procFs;
        this.interfaces = interfaces;
        this.clock = clock;
    }

    @Modified
    void reconfigure(Config config, Map<String, Object> properties) {
        configure(reader -> LinksSettings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(Stream.of(LinkValue.values()).map(value -> value.metric), Stream.of(ACTIVE, SPREAD))
                .toList();
    }

    @Override
    public List<Sample> collect() throws InterruptedException {
        diagnostics.clear();
        LinksSettings current = settings();
        if (!current.equals(used)) {
            sources = sources(current);
            used = current;
        }
        try {
            return read(Uplinks.read(current.ipsFile(), interfaces, diagnostics), new Deadline(limit));
        } catch (InterruptedWireException | ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            diagnostics.damaged("source", e);
        }
        return List.of();
    }

    /** Reads the first sender with a link that is up, as one that was killed leaves its file; else the first that is there. */
    private List<Sample> read(Uplinks uplinks, Deadline deadline) throws IOException {
        List<Sample> first = null;
        boolean isSenderUnknown = false;
        for (LinkSource source : sources) {
            if (source.kind == LinkSource.Kind.IPS_FILE && (first != null || isSenderUnknown)) {
                break; // it tells nothing of a sender
            }
            uplinks.begin();
            try {
                Optional<List<LinkReading>> links = source.read(uplinks, deadline, diagnostics);
                if (links.isPresent()) {
                    List<Sample> samples = samples(source.kind.tag(), links.get());
                    if (links.get().stream().anyMatch(LinkReading::isUp)) {
                        return samples;
                    }
                    first = first == null ? samples : first;
                }
            } catch (InterruptedWireException | ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                isSenderUnknown = true;
                diagnostics.damaged("source " + source.kind.tag(), e);
            }
        }
        if (first == null && !isSenderUnknown) {
            diagnostics.note(
                    "source",
                    "no sender runs: there is no "
                            + sources.stream().map(source -> source.described).collect(Collectors.joining(", no "))
                            + "; under systemd /tmp is another one for the agent, see config/examples/belabox/links.conf");
        }
        return first == null ? List.of() : first;
    }

    private List<LinkSource> sources(LinksSettings current) {
        List<LinkSource> all = new ArrayList<>();
        all.add(new StatsFile(current.statsFile(), clock));
        current.metricsPage().ifPresent(page -> all.add(new MetricsPage(page)));
        current.controlSocket().ifPresent(socket -> all.add(new ControlSocket(socket)));
        current.ceraUi().ifPresent(page -> current.ceraUiToken().ifPresent(token -> all.add(new CeraUi(page, token))));
        all.add(new IpsFile(current.ipsFile(), procFs));
        all.removeIf(source ->
                current.source().isPresent() && !current.source().get().equals(source.kind));
        return all;
    }

    private static List<Sample> samples(String source, List<LinkReading> links) {
        List<Sample> samples = new ArrayList<>();
        for (LinkReading link : links) {
            link.values().forEach((which, value) -> samples.add(which.metric.sample(value, link.name(), source)));
        }
        if (links.stream().allMatch(link -> link.value(LinkValue.UP).isPresent())) {
            samples.add(ACTIVE.sample(
                    (double) links.stream().filter(LinkReading::isUp).count(), source));
        }
        spread(links).ifPresent(spread -> samples.add(SPREAD.sample(spread, source)));
        return samples;
    }

    /**
     * How evenly a stream is spread over its links: Jain's fairness index of their bitrates,
     *
     * <pre>
     * spread = (x1 + … + xn)² / (n · (x1² + … + xn²))
     * </pre>
     *
     * <p>1 when all n links carry the same, 1/n when one carries everything: 0.25 of four links. Links that are not up, or whose
     * bitrate is not known, do not count; a link that is up and carries nothing does. With fewer than two links, or without any
     * traffic, there is no spread.
     *
     * <p>Source: Jain, Chiu, Hawe: A Quantitative Measure of Fairness and Discrimination, DEC-TR-301, 1984.
     */
    static OptionalDouble spread(List<LinkReading> links) {
        double[] bitrates = links.stream()
                .filter(LinkReading::isUp)
                .flatMapToDouble(link -> link.value(LinkValue.BITRATE).stream())
                .toArray();
        double sum = 0;
        double squares = 0;
        for (double bitrate : bitrates) {
            sum += bitrate;
            squares += bitrate * bitrate;
        }
        return bitrates.length < 2 || squares == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(sum * sum / (bitrates.length * squares));
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, LinksSettings::read);
        }
    }
}
