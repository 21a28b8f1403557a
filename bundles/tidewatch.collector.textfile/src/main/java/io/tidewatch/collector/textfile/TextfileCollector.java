package io.tidewatch.collector.textfile;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.exposition.DropCounts;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.exposition.PageSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Metrics that other programs write into the {@code *.prom} files of a folder. Every pass reads every file. A file that is
 * broken, unreadable or no regular file costs itself. Each configuration of the PID makes an instance.
 *
 * <p>Source: the <a href="https://github.com/prometheus/node_exporter#textfile-collector">textfile collector</a> of
 * node_exporter.
 */
@Component(service = Collector.class, configurationPid = TextfileCollector.PID, configurationPolicy = REQUIRE)
@CollectorProperties(name = "textfile", interval = "30s")
@Designate(ocd = TextfileCollector.Config.class, factory = true)
public final class TextfileCollector extends ConfiguredCollector<TextfileCollector.Settings>
        implements DynamicCollector {
    static final String PID = "tidewatch.collector.textfile";

    private static final Metric MTIME = Metric.gauge(
            "textfile.mtime_seconds", Unit.SECONDS, "When the file was last written, as Unix time", "file");
    private static final Metric SAMPLES =
            Metric.gauge("textfile.samples", Unit.NONE, "Samples that the newest pass has of the files");
    private static final Metric ERROR = Metric.gauge(
            "textfile.error",
            Unit.NONE,
            "1 if the folder, a file or a line cannot be read, or a file is stale; else 0");

    @ObjectClassDefinition(
            id = PID,
            name = "Text files",
            description = "Metrics that other programs write into files, in the Prometheus text format")
    public @interface Config {
        @AttributeDefinition(description = "Folder whose `*.prom` files are read, as an absolute path; required")
        String folder() default "";

        @AttributeDefinition(
                description = "Regular expressions over whole names of metrics; these are reported although `exclude`"
                        + " matches them")
        String include() default "";

        @AttributeDefinition(description = "Regular expressions over whole names of metrics; these are not reported")
        String exclude() default "";

        @AttributeDefinition(
                description = "Labels that every series gets unless its file gives it one of that name:"
                        + " `name=value` pairs separated by commas")
        String labels() default "";

        @AttributeDefinition(
                description = "How many series the files may have in all, 1 to 9000; samples of further ones are"
                        + " dropped and counted")
        String max_series() default PageSettings.MAX_SERIES;

        @AttributeDefinition(
                description = "How much of a file is read at most, `1B` to `256MiB`; the rest of it is left out")
        String max_bytes() default PageSettings.MAX_BYTES;

        @AttributeDefinition(
                description = "`false` ignores the timestamps of the files: every sample has the time of the pass")
        String timestamps() default "true";

        @AttributeDefinition(
                description = "Samples of a file that was last written longer ago are left out; `0s` for never")
        String stale_after() default "0s";
    }

    private final LongSupplier nanoTime;
    private final DropCounts drops = new DropCounts("textfile");
    private final MetricFileReader reader;
    private Settings used;
    private PageSamples pages;

    @Activate
    public TextfileCollector(Config config) {
        this(config, Clock.systemUTC(), System::nanoTime);
    }

    TextfileCollector(Config config, Clock clock, LongSupplier nanoTime) {
        super(settingReader -> Settings.read(config, settingReader));
        this.nanoTime = nanoTime;
        reader = new MetricFileReader(clock, diagnostics);
        used = settings();
        pages = new PageSamples(used.page(), drops, nanoTime);
    }

    @Modified
    void modified(Config config) {
        configure(settingReader -> Settings.read(config, settingReader));
    }

    @Override
    public List<Metric> metrics() {
        return List.of(MTIME, SAMPLES, drops.metric(), ERROR);
    }

    @Override
    public List<Sample> collect() throws InterruptedException {
        diagnostics.clear();
        Settings now = settings();
        if (!now.page().equals(used.page())) {
            pages = new PageSamples(now.page(), drops, nanoTime);
        }
        used = now;
        pages.begin();
        if (now.folder().isEmpty()) {
            return List.of();
        }
        List<Sample> samples = new ArrayList<>();
        for (Path file : list(now.folder().get())) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Instant written = reader.read(file, now.staleAfter(), pages);
            if (written != null) {
                samples.add(MTIME.sample(written.toEpochMilli() / 1000.0, MetricFiles.name(file)));
            }
        }
        pages.report(diagnostics);
        samples.add(SAMPLES.sample(pages.size()));
        samples.addAll(drops.samples());
        samples.add(ERROR.sample(diagnostics.hasDamage() ? 1 : 0));
        samples.addAll(pages.list());
        return samples;
    }

    @Override
    public List<TimedSamples> timedSamples() {
        return pages.timed();
    }

    @Override
    public void stored() {
        pages.stored();
    }

    private List<Path> list(Path folder) {
        MetricFiles found;
        try {
            found = MetricFiles.of(folder);
        } catch (IOException e) {
            diagnostics.damaged(folder.toString(), Unreadable.folder(folder, e));
            return List.of();
        }
        if (found.files().isEmpty()) {
            diagnostics.note("folder", folder + " has no *.prom files");
        }
        if (found.beyondCount() > 0) {
            String named = found.beyond().stream().map(MetricFiles::name).collect(Collectors.joining(", "));
            diagnostics.limited(
                    "files",
                    found.beyondCount() + " files beyond the " + MetricFiles.MOST_FILES + " that are read, such as "
                            + named + "; move some into the folder of another instance");
        }
        return found.files();
    }

    /**
     * @param folder where the files are; empty if none is configured
     * @param page what of a file becomes samples
     * @param staleAfter age from which the samples of a file are left out; zero for never
     */
    record Settings(Optional<Path> folder, PageSettings page, Duration staleAfter) {
        static Settings read(Config config, SettingReader reader) {
            return new Settings(
                    reader.read("folder", config.folder(), Settings::folder, Optional.empty()),
                    PageSettings.read(
                            reader,
                            config.include(),
                            config.exclude(),
                            config.labels(),
                            config.max_series(),
                            config.max_bytes(),
                            PageSettings.Length.OF_PAGE,
                            reader.read("timestamps", config.timestamps(), Setting::bool, true)),
                    reader.read("stale.after", config.stale_after(), Setting::durationOrZero, Duration.ZERO));
        }

        private static Optional<Path> folder(String key, String value) {
            return Optional.of(Setting.absolutePath(key, value, "a folder with *.prom files"));
        }
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, Settings::read);
        }
    }
}
