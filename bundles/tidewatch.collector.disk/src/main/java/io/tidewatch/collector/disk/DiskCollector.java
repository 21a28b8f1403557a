package io.tidewatch.collector.disk;

import static org.osgi.service.component.annotations.ConfigurationPolicy.OPTIONAL;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What the disks have done since boot: operations, bytes and time, by whole device.
 */
@Component(service = Collector.class, configurationPid = DiskCollector.PID, configurationPolicy = OPTIONAL)
@CollectorProperties(name = "disk", interval = "30s")
@Designate(ocd = DiskCollector.Config.class, factory = true)
public final class DiskCollector extends ConfiguredCollector<NamePatterns> {
    private static final Pattern PARTITION = Pattern.compile("p?[0-9]+");
    private static final String KEY = "allowed.devices";
    private static final String DEFAULT_DEVICES =
            "sd[a-z]+, hd[a-z]+, vd[a-z]+, xvd[a-z]+, nvme[0-9]+n[0-9]+, mmcblk[0-9]+";

    static final String PID = "tidewatch.collector.disk";

    @ObjectClassDefinition(id = PID, name = "Disk collector", description = "Which disks are reported")
    public @interface Config {
        @AttributeDefinition(
                description = "Regular expressions over whole device names; only these are reported: no partitions,"
                        + " no loop devices")
        String allowed_devices() default DEFAULT_DEVICES;
    }

    private final ProcFile file;

    @Activate
    public DiskCollector(@Reference ProcFs procFs, Config config) {
        super(reader -> read(config, reader));
        file = procFs.procFile("diskstats");
    }

    @Modified
    void reconfigure(Config config) {
        configure(reader -> read(config, reader));
    }

    @Override
    public List<Metric> metrics() {
        return DiskStatistics.METRICS;
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        Fields fields;
        try {
            fields = file.read();
        } catch (NoSuchFileException e) {
            diagnostics.note("diskstats", "this machine has no " + file.path());
            return List.of();
        }
        NamePatterns devices = settings();
        List<Sample> samples = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        List<String> reported = new ArrayList<>();
        while (fields.nextLine()) {
            String subject = "line " + fields.lineNumber();
            try {
                String device = DiskStatistics.device(fields);
                if (devices.matches(device)) {
                    subject = device;
                    reported.add(device);
                    samples.addAll(DiskStatistics.read(fields, device, diagnostics));
                } else if (fields.hasNext() && !fields.skip("0")) {
                    used.add(device);
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(subject, e);
            }
        }
        diagnostics.noteNames(
                KEY,
                "not reported by allowed.devices",
                used.stream()
                        .filter(device -> !isPartOf(reported, device) && !isPartOf(used, device))
                        .toList());
        return samples;
    }

    /** Whether a device is a partition of one of the others. */
    private static boolean isPartOf(Collection<String> devices, String device) {
        return devices.stream()
                .anyMatch(whole -> device.length() > whole.length()
                        && device.startsWith(whole)
                        && PARTITION.matcher(device.substring(whole.length())).matches());
    }

    private static NamePatterns read(Config config, SettingReader reader) {
        return reader.read(
                KEY, config.allowed_devices(), NamePatterns::parse, NamePatterns.parse(KEY, DEFAULT_DEVICES));
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, DiskCollector::read);
        }
    }
}
