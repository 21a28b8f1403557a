package io.tidewatch.collector.thermal;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How hot the machine is, by thermal zone, and the hottest of the processor's zones. A zone that cannot be read (drivers
 * answer with EINVAL or ENODATA while a sensor sleeps) is left out of a pass.
 *
 * <p>Source: kernel documentation, ABI/testing/sysfs-class-thermal: {@code temp} in thousandths of a degree Celsius,
 * {@code type} as the driver names it.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.thermal")
@CollectorProperties(name = "thermal", interval = "30s")
@Designate(ocd = ThermalCollector.Config.class)
public final class ThermalCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.thermal", name = "Thermal collector")
    @interface Config {}

    private static final Metric CPU =
            Metric.gauge("cpu.temperature", Unit.CELSIUS, "The hottest sensor of the processor");
    private static final Metric ZONE = Metric.gauge(
            "thermal.zone_temp",
            Unit.CELSIUS,
            "A thermal zone, by the type that its driver gives",
            "zone",
            "zone_number");

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();
    private final Temperatures temperatures = new Temperatures();
    private final ProcessorSensors processorSensors;

    @Activate
    public ThermalCollector(@Reference ProcFs procFs) {
        folder = procFs.sys("class/thermal");
        processorSensors = new ProcessorSensors(procFs, temperatures);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(CPU, ZONE);
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        List<Sample> samples = new ArrayList<>();
        Set<ZoneType> kinds = EnumSet.noneOf(ZoneType.class);
        Map<ZoneType, Double> hottest = new EnumMap<>(ZoneType.class);
        for (NumberedFolder zone : NumberedFolder.in(folder, "thermal_zone")) {
            String subject = "thermal_zone" + zone.number();
            try {
                String type = type(buffer.readLine(zone.file("type")));
                subject = subject + " (" + type + ")";
                ZoneType kind = ZoneType.of(type);
                kinds.add(kind);
                double celsius = temperatures.read(zone.number(), buffer.readLine(zone.file("temp")));
                samples.add(ZONE.sample(celsius, type, Integer.toString(zone.number())));
                hottest.merge(kind, celsius, Math::max);
            } catch (ProcFormatException e) {
                diagnostics.damaged(subject, e);
            } catch (IOException e) {
                // Its driver refuses while the sensor sleeps, or the zone went.
                diagnostics.note(subject, "no reading of " + subject);
            }
        }
        addProcessor(samples, kinds, hottest);
        return samples;
    }

    /** The zones of the processor, else its sensors, else the firmware's zone: never one in place of the other for a pass. */
    private void addProcessor(List<Sample> samples, Set<ZoneType> kinds, Map<ZoneType, Double> hottest)
            throws IOException {
        Double celsius = hottest.get(ZoneType.PROCESSOR);
        if (!kinds.contains(ZoneType.PROCESSOR)) {
            OptionalDouble sensor = processorSensors.hottest(diagnostics);
            celsius = sensor.isPresent() ? Double.valueOf(sensor.getAsDouble()) : hottest.get(ZoneType.FIRMWARE);
            if (celsius == null) {
                diagnostics.note(
                        CPU.name(),
                        kinds.isEmpty()
                                ? "this machine has no thermal zones"
                                : "no thermal zone is known as the processor's, so cpu.temperature is left out");
            }
        }
        if (celsius != null) {
            samples.add(CPU.sample(celsius));
        }
    }

    static String type(Fields type) throws ProcFormatException {
        return type.name("the type of a thermal zone");
    }
}
