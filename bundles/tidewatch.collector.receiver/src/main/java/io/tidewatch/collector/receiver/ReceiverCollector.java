package io.tidewatch.collector.receiver;

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
import io.tidewatch.httpclient.HttpAnswer;
import io.tidewatch.httpclient.HttpRequest;
import io.tidewatch.httpclient.InterruptedWireException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What the receiver of a stream sees of it, from its statistics page. One instance per
 * {@code tidewatch.collector.receiver-<name>.cfg}; the label {@code instance} of its series is that name.
 *
 * <p>A page that cannot be read costs its samples and no pass: {@code receiver.up} is then 0, and health names the reason. A
 * publisher that was seen, or has a name in the .cfg, and is not on the page counts as not publishing.
 */
@Component(service = Collector.class, configurationPid = ReceiverCollector.PID, configurationPolicy = REQUIRE)
@CollectorProperties(name = "receiver", interval = "10s", priority = "high")
@Designate(ocd = ReceiverCollector.Config.class, factory = true)
public final class ReceiverCollector extends ConfiguredCollector<ReceiverSettings> {
    static final String PID = "tidewatch.collector.receiver";

    @ObjectClassDefinition(
            id = PID,
            name = "Receiver collector",
            description = "Statistics of a receiver of SRT streams")
    public @interface Config {
        @AttributeDefinition(
                description = "Statistics page of the receiver, as `http://host:8080/stats/${secret:player}`,"
                        + " `http://host:8181/stats`. Without `reset`",
                type = AttributeType.PASSWORD)
        String url() default "";

        @AttributeDefinition(
                description = "File with the key that irl-srt-server wants in `Authorization`, readable by the agent's"
                        + " user and not by all users",
                required = false)
        String token_file() default "";

        @AttributeDefinition(
                description = "Names of publishers for the tag `publisher`, by the eight digits that stand there"
                        + " without one: `1a2b3c4d=studio, 5e6f7081=car`",
                required = false)
        String names() default "";

        @AttributeDefinition(
                description = "PEM file with the certificates that sign the server's, for `https`; without it those"
                        + " that Java trusts",
                required = false)
        String ca_file() default "";
    }

    static final Metric PUBLISHING = gauge("publishing", "1 if the publisher is connected, 0 if not");
    static final Metric LINKS = gauge("links", "Links that the publisher sends over");
    static final Metric LINK_MIN =
            gauge("link_bitrate_min_bps", "Bits per second that arrive over the weakest of them");
    static final Metric LINK_MAX =
            gauge("link_bitrate_max_bps", "Bits per second that arrive over the strongest of them");

    private static final Metric UP = Metric.gauge("receiver.up", Unit.NONE, "1 if the page was read, 0 if not");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST = 1 << 20;

    private record Source(HttpRequest request, StatsPage page) {}

    private volatile Duration limit;
    private @Nullable ReceiverSettings used;
    private @Nullable Source source;
    /** Publishers that were seen, or have a name. */
    private final Set<String> known = new TreeSet<>();

    @Activate
    public ReceiverCollector(Config config, Map<String, Object> properties) {
        super(reader -> ReceiverSettings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
    }

    @Modified
    void reconfigure(Config config, Map<String, Object> properties) {
        configure(reader -> ReceiverSettings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
    }

    private static Metric gauge(String name, String help) {
        return Metric.gauge("receiver." + name, Unit.NONE, help, ReceiverValue.PUBLISHER);
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(
                        Stream.of(UP, PUBLISHING),
                        Stream.concat(
                                Stream.of(ReceiverValue.values()).map(value -> value.metric),
                                Stream.of(LINKS, LINK_MIN, LINK_MAX)))
                .toList();
    }

    @Override
    public List<Sample> collect() throws InterruptedException {
        diagnostics.clear();
        ReceiverSettings current = settings();
        if (!current.equals(used)) {
            prepare(current);
            used = current;
        }
        Source now = source;
        if (now == null) {
            return List.of();
        }
        List<Sample> samples = new ArrayList<>();
        try {
            List<PublisherReading> publishers = read(now);
            samples.add(UP.sample(1));
            addAll(publishers, samples);
        } catch (InterruptedWireException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            samples.add(UP.sample(0));
            diagnostics.damaged(
                    "page",
                    "the statistics page of " + current.described() + " cannot be read: "
                            + HttpRequest.explain(e, "raise timeout"));
        }
        return samples;
    }

    private void prepare(ReceiverSettings current) {
        known.clear();
        known.addAll(current.publishers().names().values());
        source = current.target()
                .map(target -> {
                    var only = current.publishers().only(target.path());
                    only.ifPresent(known::add);
                    return new Source(
                            new HttpRequest(target, "application/json", "", current.tokenFile(), current.caFile()),
                            new StatsPage(current.publishers(), only));
                })
                .orElse(null);
    }

    private List<PublisherReading> read(Source now) throws IOException {
        List<PublisherReading> publishers = new ArrayList<>();
        now.request().send(new Deadline(limit), answer -> {
            int status = answer.status();
            if (status == 429) {
                throw new IOException(
                        "the answer is 429, there were too many requests from this address; raise interval");
            }
            if (status >= 300 && status < 400) {
                throw new IOException("the answer is " + status + ", a redirect, which is not followed; correct url");
            }
            byte[] body = body(answer);
            try {
                publishers.addAll(now.page().read(new ByteArrayInputStream(body), diagnostics));
            } catch (IOException e) {
                // Receivers give a reason with most statuses.
                throw status == 200
                        ? e
                        : new IOException("the answer is " + status + ": " + e.getMessage() + advice(status), e);
            }
        });
        return publishers;
    }

    private static String advice(int status) {
        return status == 401 || status == 403 ? "; set token.file, or check what is in it" : "";
    }

    private static byte[] body(HttpAnswer answer) throws IOException {
        byte[] body = answer.body().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            throw new IOException("it is longer than " + LONGEST + " bytes");
        }
        return body;
    }

    private void addAll(List<PublisherReading> publishers, List<Sample> samples) {
        Set<String> absent = new TreeSet<>(known);
        Set<String> added = new TreeSet<>();
        for (PublisherReading publisher : publishers) {
            if (added.add(publisher.publisher())) {
                publisher.addTo(samples);
                absent.remove(publisher.publisher());
                if (publisher.publishing().isPresent() && known.size() < StatsPage.MOST) {
                    known.add(publisher.publisher());
                }
            }
        }
        absent.forEach(publisher -> PublisherReading.offline(publisher).addTo(samples));
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, ReceiverSettings::read);
        }
    }
}
