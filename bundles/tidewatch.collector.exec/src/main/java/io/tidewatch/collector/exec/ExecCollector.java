package io.tidewatch.collector.exec;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PassLimit;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.exposition.DropCounts;
import io.tidewatch.exposition.DropReason;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.exposition.PageSettings;
import io.tidewatch.process.Command;
import io.tidewatch.process.CommandRunner;
import io.tidewatch.process.RunResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Runs a command at each pass and keeps the samples that it prints. One instance per
 * {@code tidewatch.collector.exec-<name>.cfg}; the label {@code instance} of its series is that name.
 *
 * <p>A command that fails costs its samples and no pass: {@code exec.up} is then 0, and health names the reason. It is killed a
 * second before the collector's timeout, so that this is stored, too. No process of a run is left when its pass is over.
 */
@Component(service = Collector.class, configurationPid = ExecCollector.PID, configurationPolicy = REQUIRE)
@CollectorProperties(name = "exec", interval = "30s", timeout = "10s")
@Designate(ocd = ExecCollector.Config.class, factory = true)
public final class ExecCollector extends ConfiguredCollector<ExecSettings> implements DynamicCollector {
    static final String PID = "tidewatch.collector.exec";

    @ObjectClassDefinition(id = PID, name = "Exec collector", description = "Metrics that a command prints")
    public @interface Config {
        @AttributeDefinition(
                description = "Absolute path of a program and its arguments. There is no shell: blanks separate words,"
                        + " double quotes group, and within them a backslash takes the next character as it is")
        String command() default "";

        @AttributeDefinition(
                description = "`NAME=value` pairs separated by blanks, besides `PATH`, `LANG=C.UTF-8` and `HOME=/`; the"
                        + " command gets no other variables. `${secret:name}` may stand here",
                type = AttributeType.PASSWORD,
                required = false)
        String environment() default "";

        @AttributeDefinition(description = "Folder that the command is started in")
        String folder() default ExecSettings.FOLDER;

        @AttributeDefinition(
                description =
                        "What it prints: `prometheus`, a page in that text format; `value`, one number; `json`, one document")
        String format() default "prometheus";

        @AttributeDefinition(description = "With `value`: name of the metric", required = false)
        String name() default "";

        @AttributeDefinition(
                description = "With `value` and `json`: `gauge`, or `counter` for values that only grow. A name that"
                        + " ends in `_total` is always a counter")
        String kind() default "gauge";

        @AttributeDefinition(
                description = "With `json`: `path : name` pairs separated by commas, as in `links[*].rate :"
                        + " link_rate{link=links[*].name}`",
                required = false)
        String values() default "";

        @AttributeDefinition(
                description = "Labels that every series gets unless the output gives it one of that name:"
                        + " `name=value, name=value`",
                required = false)
        String labels() default "";

        @AttributeDefinition(
                description = "Regular expressions over whole names of metrics; these are kept although `exclude`"
                        + " matches them",
                required = false)
        String include() default "";

        @AttributeDefinition(
                description = "Regular expressions over whole names of metrics; these are left out",
                required = false)
        String exclude() default "";

        @AttributeDefinition(
                description =
                        "Series at most, 1 to 9000; samples of further ones are dropped, counted and named in health")
        String max_series() default PageSettings.MAX_SERIES;

        @AttributeDefinition(
                description = "Length of the output at most, 1KiB to 4MiB; a command that prints more is killed, and"
                        + " nothing of it is stored")
        String max_bytes() default ExecSettings.MAX_BYTES;
    }

    private static final Metric UP = Metric.gauge(
            "exec.up",
            Unit.NONE,
            "1 if the command ended in time with exit code 0 and its output could be read, else 0");
    private static final Metric EXIT_CODE = Metric.gauge(
            "exec.exit_code", Unit.NONE, "Exit code; 128 and the signal that ended it; -1 if it could not be started");
    private static final Metric DURATION =
            Metric.gauge("exec.duration_seconds", Unit.SECONDS, "How long the command ran");
    private static final Metric SAMPLES = Metric.gauge("exec.samples", Unit.NONE, "Samples that its output gave");

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final CommandRunner runner = new CommandRunner(System::nanoTime);

    /** After which the command is killed: its failure is stored before the timeout. */
    private volatile Duration limit;

    // Of the thread of the pass.
    private final DropCounts drops = new DropCounts("exec");
    private ExecSettings used;
    private PageSamples page;
    private OutputReader reader;

    @Activate
    public ExecCollector(Config config, Map<String, Object> properties) {
        super(reader -> ExecSettings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
        used = settings();
        page = new PageSamples(used.page(), drops, System::nanoTime);
        reader = new OutputReader(used, drops);
    }

    /** Takes a changed configuration, unless it has a mistake. A command that is no longer the configured one is killed. */
    @Modified
    void modified(Config config, Map<String, Object> properties) {
        Command before = settings().command();
        configure(reader -> ExecSettings.read(config, reader));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
        if (!settings().command().equals(before)) {
            runner.cancel();
        }
    }

    @Deactivate
    void deactivate() {
        runner.cancel();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(UP, EXIT_CODE, DURATION, SAMPLES, drops.metric());
    }

    @Override
    public List<Sample> collect() throws InterruptedException {
        diagnostics.clear();
        ExecSettings current = settings();
        if (!current.equals(used)) {
            page = new PageSamples(current.page(), drops, System::nanoTime);
            reader = new OutputReader(current, drops);
            used = current;
        }
        page.begin();
        RunResult result =
                runner.run(current.command(), Math.toIntExact(current.page().maxBytes()), limit);
        if (result.ending() == RunResult.Ending.CANCELLED) {
            return List.of();
        }
        if (result.isTrusted()) {
            reader.read(result.output(), page, diagnostics);
            page.report(diagnostics);
        } else {
            explain(current, result);
        }
        List<Sample> samples = new ArrayList<>(page.list());
        boolean up = result.isTrusted() && (!samples.isEmpty() || !diagnostics.hasDamage());
        samples.add(UP.sample(up ? 1 : 0));
        if (result.hasExitCode()) {
            samples.add(EXIT_CODE.sample(result.exitCode()));
        }
        samples.add(DURATION.sample(Math.round(result.duration().toNanos() / 1e3) / 1e6));
        samples.add(SAMPLES.sample(page.size()));
        samples.addAll(drops.samples());
        return samples;
    }

    private void explain(ExecSettings current, RunResult result) {
        String program = current.command().program();
        String said = result.complaint().isEmpty() ? "" : ": " + result.complaint();
        switch (result.ending()) {
            case NOT_STARTED -> diagnostics.damaged("start", result.complaint());
            case TIMED_OUT ->
                diagnostics.damaged(
                        "timeout",
                        program + " did not end within " + limit.toMillis()
                                + "ms and was killed; nothing of its output is stored; make it faster or raise timeout"
                                + said);
            case TOO_LONG -> {
                drops.add(DropReason.MAX_BYTES);
                diagnostics.limited(
                        "max.bytes",
                        program + " printed more than max.bytes = "
                                + current.page().maxBytes()
                                + "B and was killed; nothing of its output is stored; have it print less or raise"
                                + " max.bytes" + said);
            }
            default ->
                diagnostics.damaged(
                        "exit code",
                        program + " ended with exit code " + result.exitCode() + "; nothing of its output is stored"
                                + said);
        }
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, ExecSettings::read);
        }
    }
}
