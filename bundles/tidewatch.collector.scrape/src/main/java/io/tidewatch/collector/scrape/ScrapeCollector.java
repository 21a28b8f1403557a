package io.tidewatch.collector.scrape;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PassLimit;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.exposition.DropCounts;
import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.exposition.PageSettings;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.HttpAnswer;
import io.tidewatch.httpclient.HttpRequest;
import io.tidewatch.httpclient.HttpTarget;
import io.tidewatch.httpclient.InterruptedWireException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Reads the metrics page of another program at each pass and keeps the names, labels and values that it shows. One instance
 * per {@code tidewatch.collector.scrape-<name>.cfg}; the label {@code instance} of its series is that name.
 *
 * <p>A page that cannot be read costs its samples and no pass: {@code scrape.up} is then 0, and health names the reason. A
 * scrape is given up a little before the collector's timeout, so that this is recorded, too.
 */
@Component(service = Collector.class, configurationPid = ScrapeCollector.PID, configurationPolicy = REQUIRE)
@CollectorProperties(name = "scrape", interval = "30s", timeout = "10s")
@Designate(ocd = ScrapeCollector.Config.class, factory = true)
public final class ScrapeCollector extends ConfiguredCollector<ScrapeCollector.Settings> implements DynamicCollector {
    static final String PID = "tidewatch.collector.scrape";

    @ObjectClassDefinition(
            id = PID,
            name = "Scrape collector",
            description = "Metrics of another program, from its Prometheus page")
    public @interface Config {
        @AttributeDefinition(
                description = "Address of the page: `http://host:port/metrics`, `https://…`, or"
                        + " `unix:/path/of/socket:/metrics`. Redirects are not followed")
        String url() default "";

        @AttributeDefinition(
                description = "Labels that every series gets unless the page gives it one of that name:"
                        + " `name=value, name=value`")
        String labels() default "";

        @AttributeDefinition(
                description = "Regular expressions over whole names of metrics; these are kept although `exclude`"
                        + " matches them")
        String include() default "";

        @AttributeDefinition(description = "Regular expressions over whole names of metrics; these are left out")
        String exclude() default "";

        @AttributeDefinition(
                description =
                        "Series at most, 1 to 9000; samples of further ones are dropped, counted and named in health")
        String max_series() default PageSettings.MAX_SERIES;

        @AttributeDefinition(description = "Size of a page at most, up to 256MiB; the rest is not read")
        String max_bytes() default PageSettings.MAX_BYTES;

        @AttributeDefinition(
                description = "true: samples keep the timestamps of the page; false: they get the time of the scrape")
        String timestamps() default "false";

        @AttributeDefinition(
                description = "File with a bearer token, readable by the agent's user and not by all users")
        String token_file() default "";

        @AttributeDefinition(
                description = "PEM file with the certificates that sign the server's, for `https`; without it those"
                        + " that Java trusts")
        String ca_file() default "";
    }

    private static final Metric UP = Metric.gauge("scrape.up", Unit.NONE, "1 if the page was read, 0 if not");
    private static final Metric DURATION =
            Metric.gauge("scrape.duration_seconds", Unit.SECONDS, "How long the scrape took");
    private static final Metric SAMPLES = Metric.gauge("scrape.samples", Unit.NONE, "Samples that the page gave");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_QUOTE = 200;

    private final DropCounts drops = new DropCounts("scrape");
    private volatile Duration limit;
    private Settings used;
    private PageSamples page;

    @Activate
    public ScrapeCollector(Config config, Map<String, Object> properties) {
        super(reader -> Settings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
        used = settings();
        page = new PageSamples(used.page(), drops, System::nanoTime);
    }

    @Modified
    void reconfigure(Config config, Map<String, Object> properties) {
        configure(reader -> Settings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(UP, DURATION, SAMPLES, drops.metric());
    }

    @Override
    public List<Sample> collect() throws InterruptedException {
        diagnostics.clear();
        Settings current = settings();
        if (!current.equals(used)) {
            // Other names and limits: what was known of the source counts no more.
            page = new PageSamples(current.page(), drops, System::nanoTime);
            used = current;
        }
        page.begin();
        if (current.request().isEmpty()) {
            return List.of();
        }
        HttpRequest request = current.request().get();
        long start = System.nanoTime();
        boolean up = false;
        try {
            request.send(new Deadline(limit), this::read);
            up = true;
        } catch (InterruptedWireException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            diagnostics.damaged(
                    "page",
                    request.target().url() + " cannot be scraped: "
                            + HttpRequest.explain(e, "raise timeout, or scrape less often"));
        }
        page.report(diagnostics);
        List<Sample> samples = new ArrayList<>(page.list());
        samples.add(UP.sample(up ? 1 : 0));
        samples.add(DURATION.sample(Math.round((System.nanoTime() - start) / 1e3) / 1e6));
        samples.add(SAMPLES.sample(page.size()));
        samples.addAll(drops.samples());
        return samples;
    }

    /** What was read of a page before a failure stays. */
    private void read(HttpAnswer answer) throws IOException {
        int status = answer.status();
        if (status >= 300 && status < 400) {
            throw new IOException(
                    "the answer is " + status + ", a redirect to '" + Quote.of(answer.header("location"), LONGEST_QUOTE)
                            + "', which is not followed: set url to where the page is");
        }
        if (status != 200) {
            throw new IOException("the answer is " + status
                    + (status == 401 || status == 403 ? ": set token.file, or check what is in it" : ""));
        }
        page.read("page", answer.body(), ExpositionFormat.of(answer.header("content-type")), answer.isDelimited());
    }

    @Override
    public List<TimedSamples> timedSamples() {
        return page.timed();
    }

    @Override
    public void stored() {
        page.stored();
    }

    /**
     * @param request for the page; empty if {@code url} cannot be used
     * @param page what of it becomes samples
     */
    record Settings(Optional<HttpRequest> request, PageSettings page) {
        static Settings read(Config config, SettingReader reader) {
            Optional<HttpTarget> target = reader.read(
                    "url",
                    config.url(),
                    (key, value) -> Optional.of(HttpTarget.parse(key, value, "/metrics")),
                    Optional.empty());
            PageSettings page = PageSettings.read(
                    reader,
                    config.include(),
                    config.exclude(),
                    config.labels(),
                    config.max_series(),
                    config.max_bytes(),
                    PageSettings.Length.OF_PAGE,
                    reader.read("timestamps", config.timestamps(), Setting::bool, false));
            Optional<Path> token = reader.read("token.file", config.token_file(), Settings::path, Optional.empty());
            Optional<Path> ca = reader.read("ca.file", config.ca_file(), Settings::path, Optional.empty());
            return new Settings(
                    target.map(to -> new HttpRequest(to, ExpositionFormat.ACCEPT, "Bearer ", token, ca)), page);
        }

        private static Optional<Path> path(String key, String value) {
            return value.isBlank() ? Optional.empty() : Optional.of(Setting.absolutePath(key, value, "a file"));
        }
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, Settings::read);
        }
    }
}
