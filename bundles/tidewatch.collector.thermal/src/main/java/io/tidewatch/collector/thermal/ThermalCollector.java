package io.tidewatch.collector.thermal;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How hot the machine is, by thermal zone, and the hottest of the processor's zones. A zone that cannot be read (drivers
 * answer with EINVAL or ENODATA while a sensor sleeps) or reads what no machine survives is left out of a pass.
 *
 * <p>Source: kernel documentation, ABI/testing/sysfs-class-thermal: {@code temp} in thousandths of a degree Celsius,
 * {@code type} as the driver names it.
 */
@Component(configurationPid = "tidewatch.collector.thermal")
@CollectorProperties(name = "thermal", interval = "30s")
@Designate(ocd = ThermalCollector.Config.class)
public final class ThermalCollector implements Collector {
    /** Configuration, PID {@code tidewatch.collector.thermal}: only what every collector has. */
    @ObjectClassDefinition(id = "tidewatch.collector.thermal", name = "Thermal collector")
    @interface Config {}

    private static final Metric CPU =
            Metric.gauge("cpu.temperature", Unit.CELSIUS, "The hottest thermal zone of the processor");
    private static final Metric ZONE = Metric.gauge(
            "thermal.zone_temp",
            Unit.CELSIUS,
            "A thermal zone, by the type that its driver gives",
            "zone",
            "zone_number");

    private static final double MILLI = 1000;
    private static final double COLDEST = -40;
    private static final double HOTTEST = 150;

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();

    /** @param procFs where /sys is */
    @Activate
    public ThermalCollector(@Reference ProcFs procFs) {
        folder = procFs.sys("class/thermal");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(CPU, ZONE);
    }

    @Override
    public List<Sample> collect() throws IOException {
        List<Sample> samples = new ArrayList<>();
        double hottest = Double.NEGATIVE_INFINITY;
        for (NumberedFolder zone : NumberedFolder.in(folder, "thermal_zone")) {
            String type;
            double celsius;
            try {
                celsius = celsius(buffer.readLine(zone.file("temp")));
                type = type(buffer.readLine(zone.file("type")));
            } catch (IOException e) {
                // Its driver refuses just now, or the zone went: the others are still worth having.
                continue;
            }
            if (celsius < COLDEST || celsius > HOTTEST) {
                continue;
            }
            samples.add(ZONE.sample(celsius, type, Integer.toString(zone.number())));
            if (ZoneType.isProcessor(type)) {
                hottest = Math.max(hottest, celsius);
            }
        }
        if (hottest >= COLDEST) {
            samples.add(CPU.sample(hottest));
        }
        return samples;
    }

    /** @throws ProcFormatException if the text is not a number of thousandths */
    static double celsius(Fields temp) throws ProcFormatException {
        return temp.signedNumber() / MILLI;
    }

    /** @throws ProcFormatException if the text is empty */
    static String type(Fields type) throws ProcFormatException {
        String name = type.rest();
        if (name.isEmpty()) {
            throw type.error("the type of a thermal zone");
        }
        return name;
    }
}
