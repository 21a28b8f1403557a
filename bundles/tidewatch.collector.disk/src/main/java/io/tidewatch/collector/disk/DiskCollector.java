package io.tidewatch.collector.disk;

import static org.osgi.service.component.annotations.ConfigurationPolicy.OPTIONAL;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfigurableCollector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.DiagnosticCollector;
import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.LastGood;
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
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What the disks have done since boot: operations, bytes and time, by whole device.
 *
 * <p>Source: {@code /proc/diskstats}, see {@link DiskStatistics}.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.disk", configurationPolicy = OPTIONAL)
@CollectorProperties(name = "disk", interval = "30s")
@Designate(ocd = DiskCollector.Config.class, factory = true)
public final class DiskCollector implements ConfigurableCollector, DiagnosticCollector {
    private static final String KEY = "allowed.devices";
    private static final String DEFAULT_DEVICES =
            "sd[a-z]+, hd[a-z]+, vd[a-z]+, xvd[a-z]+, nvme[0-9]+n[0-9]+, mmcblk[0-9]+";

    @ObjectClassDefinition(
            id = "tidewatch.collector.disk",
            name = "Disk collector",
            description = "Which disks are reported")
    public @interface Config {
        @AttributeDefinition(
                description = "Regular expressions over whole device names; only these are reported: no partitions,"
                        + " no loop devices")
        String allowed_devices() default DEFAULT_DEVICES;
    }

    private static final Metric READ_OPS = counter("read_ops", Unit.NONE, "Reads completed");
    private static final Metric WRITE_OPS = counter("write_ops", Unit.NONE, "Writes completed");
    private static final Metric READ_BYTES = counter("read_bytes", Unit.BYTES, "Bytes read");
    private static final Metric WRITE_BYTES = counter("write_bytes", Unit.BYTES, "Bytes written");
    private static final Metric READ_TIME = counter("read_time_ms", Unit.MILLISECONDS, "Time that all reads took");
    private static final Metric WRITE_TIME = counter("write_time_ms", Unit.MILLISECONDS, "Time that all writes took");
    private static final Metric BUSY_TIME =
            counter("io_time_ms", Unit.MILLISECONDS, "Time in which at least one request was open");
    private static final Metric WEIGHTED_TIME = counter(
            "io_time_weighted_ms", Unit.MILLISECONDS, "Time with requests open, times the number of open requests");
    private static final Metric IN_PROGRESS =
            Metric.gauge("disk.io_in_progress", Unit.NONE, "Requests issued and not complete", "device");

    private final ProcFile file;
    private final DiskStatistics disk = new DiskStatistics();
    private final Diagnostics diagnostics = new Diagnostics();
    private final LastGood<NamePatterns> allowed;

    @Activate
    public DiskCollector(@Reference ProcFs procFs, Config config) {
        file = procFs.procFile("diskstats");
        allowed = new LastGood<>(reader -> read(config, reader));
    }

    @Modified
    void reconfigure(Config config) {
        allowed.offer(reader -> read(config, reader));
    }

    @Override
    public List<InvalidSettingException> rejectedSettings() {
        return allowed.rejected();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                READ_OPS,
                WRITE_OPS,
                READ_BYTES,
                WRITE_BYTES,
                READ_TIME,
                WRITE_TIME,
                BUSY_TIME,
                WEIGHTED_TIME,
                IN_PROGRESS);
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
        NamePatterns devices = allowed.inForce();
        List<Sample> samples = new ArrayList<>();
        OtherDevices others = new OtherDevices();
        while (fields.nextLine()) {
            String subject = "line " + fields.lineNumber();
            try {
                String device = DiskStatistics.device(fields);
                if (devices.matches(device)) {
                    subject = device;
                    others.reported(device);
                    disk.read(fields, device, diagnostics);
                    addTo(samples, device);
                } else if (fields.hasNext() && !fields.skip("0")) {
                    others.used(device);
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(subject, e);
            }
        }
        others.noteIn(diagnostics);
        return samples;
    }

    @Override
    public List<Diagnostic> diagnostics() {
        return diagnostics.list();
    }

    private void addTo(List<Sample> samples, String device) {
        add(samples, READ_OPS, disk.readOps(), device);
        add(samples, WRITE_OPS, disk.writeOps(), device);
        add(samples, READ_BYTES, disk.readBytes(), device);
        add(samples, WRITE_BYTES, disk.writeBytes(), device);
        add(samples, READ_TIME, disk.readMillis(), device);
        add(samples, WRITE_TIME, disk.writeMillis(), device);
        add(samples, BUSY_TIME, disk.busyMillis(), device);
        add(samples, WEIGHTED_TIME, disk.weightedMillis(), device);
        add(samples, IN_PROGRESS, disk.inProgress(), device);
    }

    private static void add(List<Sample> samples, Metric metric, long value, String device) {
        if (value != DiskStatistics.ABSENT) {
            samples.add(metric.sample((double) value, device));
        }
    }

    private static NamePatterns read(Config config, SettingReader reader) {
        return reader.read(
                KEY, config.allowed_devices(), NamePatterns::parse, NamePatterns.parse(KEY, DEFAULT_DEVICES));
    }

    private static Metric counter(String name, Unit unit, String help) {
        return Metric.counter("disk." + name + "_total", unit, help, "device");
    }

    /** Validates {@code tidewatch.collector.disk.cfg}. */
    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super("tidewatch.collector.disk", Config.class, DiskCollector::read);
        }
    }
}
