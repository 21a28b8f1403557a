package io.tidewatch.collector.sensors;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.collector.sensors.Chips.Chip;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Voltages, currents, powers, temperatures and fans that chips measure, and the power supplies. A machine without any
 * reports nothing.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.sensors")
@CollectorProperties(name = "sensors", interval = "30s")
@Designate(ocd = SensorsCollector.Config.class)
public final class SensorsCollector extends ConfiguredCollector<SensorsCollector.Settings> {
    @ObjectClassDefinition(
            id = "tidewatch.collector.sensors",
            name = "Sensors collector",
            description = "Which chips and power supplies are reported")
    public @interface Config {
        @AttributeDefinition(
                description = "Regular expressions over whole names of chips and power supplies; these are reported"
                        + " although `exclude` matches them")
        String include() default "";

        @AttributeDefinition(
                description =
                        "Regular expressions over whole names of chips and power supplies; these are not reported")
        String exclude() default "";

        @AttributeDefinition(
                description = "How many sensors of chips are reported at most, 1 to 1000; health says how many are not")
        String max_sensors() default "200";
    }

    record Settings(NameFilter filter, int maxSensors) {
        private static final int MOST = 1000;
        private static final int USUAL = 200;

        static Settings read(Config config, SettingReader reader) {
            NameFilter all = new NameFilter(NamePatterns.parse("include", ""), NamePatterns.parse("exclude", ""));
            return new Settings(
                    NameFilter.read(reader, config.include(), config.exclude(), all),
                    reader.read(
                            "max.sensors",
                            config.max_sensors(),
                            (key, value) -> Setting.integer(key, value, 1, MOST),
                            USUAL));
        }
    }

    private final Chips chips;
    private final Readings readings = new Readings();
    private final PowerSupplies supplies;

    @Activate
    public SensorsCollector(@Reference ProcFs procFs, Config config) {
        super(reader -> Settings.read(config, reader));
        chips = new Chips(procFs);
        supplies = new PowerSupplies(procFs);
    }

    @Modified
    void reconfigure(Config config) {
        configure(reader -> Settings.read(config, reader));
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(
                        Stream.of(Quantity.values()).map(quantity -> quantity.metric), PowerSupplies.METRICS.stream())
                .toList();
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        Settings current = settings();
        List<Sample> samples = new ArrayList<>();
        int sensors = 0;
        for (Chip chip : chips.present(current.filter(), diagnostics)) {
            int room = Math.max(0, current.maxSensors() - sensors);
            sensors += chip.channels().size();
            readings.addTo(samples, chip.first(room), diagnostics);
        }
        if (sensors > current.maxSensors()) {
            diagnostics.limited(
                    "max.sensors",
                    (sensors - current.maxSensors()) + " of " + sensors + " sensors are not reported, as there are more"
                            + " than max.sensors=" + current.maxSensors() + "; exclude chips, or raise it");
        }
        supplies.addTo(samples, current.filter(), diagnostics);
        return samples;
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super("tidewatch.collector.sensors", Config.class, Settings::read);
        }
    }
}
