package io.tidewatch.collector.mmc;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How worn an eMMC is, as its controller estimates. SD cards do not report it.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.mmc")
@CollectorProperties(name = "mmc", interval = "1h")
@Designate(ocd = MmcCollector.Config.class)
public final class MmcCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.mmc", name = "eMMC collector")
    @interface Config {}

    private static final Metric LIFE_USED = Metric.gauge(
            "mmc.life_used_min_percent",
            Unit.PERCENT,
            "Share of its estimated life that is used at least: the lower end of a step of 10; 100 if it is exceeded",
            "device",
            "type");
    private static final Metric RESERVE = Metric.gauge(
            "mmc.pre_eol_state",
            Unit.NONE,
            "Reserved blocks: 1 normal, 2 warning, as 80 % are used, 3 urgent",
            "device");

    /** Types of memory within a device, in the order of the fields of {@code life_time}. */
    private static final List<String> TYPES = List.of("a", "b");

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();

    @FunctionalInterface
    private interface Reading {
        void addTo(List<Sample> samples, String device, Fields fields) throws ProcFormatException;
    }

    @Activate
    public MmcCollector(@Reference ProcFs procFs) {
        folder = procFs.sys("block");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(LIFE_USED, RESERVE);
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        List<Sample> samples = new ArrayList<>();
        // Partitions are below their device, and boot partitions have other names.
        for (NumberedFolder disk : NumberedFolder.in(folder, "mmcblk")) {
            read(samples, disk, "life_time", this::addLifeUsed);
            read(samples, disk, "pre_eol_info", this::addReserve);
        }
        return samples;
    }

    private void read(List<Sample> samples, NumberedFolder disk, String file, Reading reading) {
        String device = disk.path().getFileName().toString();
        try {
            reading.addTo(samples, device, buffer.readLine(disk.file("device").resolve(file)));
        } catch (NoSuchFileException e) {
            // An SD card, or one that was just removed.
            return;
        } catch (IOException e) {
            diagnostics.damaged(device + " " + file, e);
        }
    }

    private void addLifeUsed(List<Sample> samples, String device, Fields fields) {
        for (String type : TYPES) {
            try {
                int percent = Wear.lifeUsedPercent(fields);
                if (percent != Wear.ABSENT) {
                    samples.add(LIFE_USED.sample(percent, device, type));
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(device + " life_time " + type, e);
                if (!fields.hasNext()) {
                    // One message is enough for an empty file.
                    return;
                }
            }
        }
    }

    private void addReserve(List<Sample> samples, String device, Fields fields) throws ProcFormatException {
        int state = Wear.reserveState(fields);
        if (state != Wear.ABSENT) {
            samples.add(RESERVE.sample(state, device));
        }
    }
}
