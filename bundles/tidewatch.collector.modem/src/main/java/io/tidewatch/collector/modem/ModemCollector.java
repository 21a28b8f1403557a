package io.tidewatch.collector.modem;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PassLimit;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.process.NoAnswerException;
import io.tidewatch.process.NoAnswerException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Reports mobile broadband modems as ModemManager sees them, by way of its program {@code mmcli}. Without
 * {@code tidewatch.collector.modem.cfg} there is no such collector.
 *
 * <p>A modem that cannot be read costs its own samples. If ModemManager does not answer, {@code modem.up} is 0 and health names the
 * reason; the next pass asks again.
 */
@Component(service = Collector.class, configurationPid = ModemCollector.PID, configurationPolicy = REQUIRE)
@CollectorProperties(name = "modem", interval = "30s", timeout = "10s")
@Designate(ocd = ModemCollector.Config.class)
public final class ModemCollector extends ConfiguredCollector<Path> {
    static final String PID = "tidewatch.collector.modem";

    @ObjectClassDefinition(id = PID, name = "Modem collector", description = "Modems of ModemManager")
    public @interface Config {
        @AttributeDefinition(description = "Path of mmcli, the program that asks ModemManager")
        String command() default "/usr/bin/mmcli";
    }

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final Mmcli mmcli = new Mmcli();

    /** For all calls of a pass: what they miss is stored before the timeout. */
    private volatile Duration limit;

    // Of the thread of the pass.
    private final ModemList list = new ModemList();
    private final ModemReader reader = new ModemReader();

    /** @param properties with the collector's timeout among them */
    @Activate
    public ModemCollector(Config config, Map<String, Object> properties) {
        super(reading -> command(config, reading));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        configure(reading -> command(config, reading));
        limit = PassLimit.beforeTimeout(properties, DEFAULT_TIMEOUT);
    }

    @Deactivate
    void deactivate() {
        mmcli.cancel();
    }

    private static Path command(Config config, SettingReader reading) {
        return reading.read(
                "command", config.command(), (key, value) -> Setting.absolutePath(key, value, "mmcli"), Mmcli.PROGRAM);
    }

    @Override
    public List<Metric> metrics() {
        return ModemMetrics.ALL;
    }

    @Override
    public List<Sample> collect() throws InterruptedException {
        diagnostics.clear();
        mmcli.begin(settings(), limit);
        List<Sample> samples = new ArrayList<>();
        boolean up = true;
        try {
            readAll(samples);
        } catch (NoAnswerException e) {
            if (e.reason() == Reason.CANCELLED) {
                diagnostics.clear();
                return List.of();
            }
            if (e.reason() == Reason.NOT_INSTALLED) {
                diagnostics.note("mmcli", e.text());
            } else {
                diagnostics.damaged("mmcli", e);
            }
            up = false;
        }
        samples.add(ModemMetrics.UP.sample(up ? 1 : 0));
        return samples;
    }

    /** Reads the modems of the list; if one of them has gone, those of a new list that were not read yet. */
    private void readAll(List<Sample> samples) throws NoAnswerException, InterruptedException {
        reader.beginPass();
        boolean isNew = list.beginPass(mmcli, diagnostics);
        List<String> paths = list.paths();
        boolean gone = false;
        for (String path : paths) {
            gone |= !reader.read(mmcli, path, samples, diagnostics);
        }
        if (gone && !isNew) {
            list.renew(mmcli, diagnostics);
            for (String path : list.paths()) {
                if (!paths.contains(path)) {
                    reader.read(mmcli, path, samples, diagnostics);
                }
            }
        }
        reader.endPass(diagnostics);
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, ModemCollector::command);
        }
    }
}
