package io.tidewatch.collector.oshi;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.NetworkSettings;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;

/**
 * What the network interfaces have carried since they came up. A counter that steps back is left out of that pass, so that
 * the loss is not taken for traffic. OSHI does not tell how many packets were dropped before they
 * were sent: {@code network.tx_dropped_total} is declared and left out.
 *
 * <p>Source: {@link HardwareAbstractionLayer#getNetworkIFs(boolean)}: the interfaces that Java knows, which on Linux are
 * those with an address; on macOS the counters are those of {@code sysctl NET_RT_IFLIST2}.
 */
@Component(
        service = Collector.class,
        configurationPid = "tidewatch.collector.network",
        property = "service.ranking:Integer=-100")
@CollectorProperties(name = "network", interval = "10s")
public final class NetworkCollector extends ConfiguredCollector<NetworkSettings> {
    public @interface Config {
        String include() default "";

        String exclude() default NetworkSettings.EXCLUDE;

        String max_interfaces() default NetworkSettings.MAX_INTERFACES;
    }

    private static final Metric LEFT_OUT = Metric.counter(
            "network.interfaces_dropped_total",
            Unit.NONE,
            "Interfaces not reported, as there were more than `max.interfaces`");
    private static final Logger LOG = LoggerFactory.getLogger(NetworkCollector.class);

    private final Supplier<List<NetworkIF>> interfaces;
    private final InterfaceLimit limit = new InterfaceLimit();
    private Map<String, long[]> previous = new HashMap<>();

    @Activate
    public NetworkCollector(@Reference Machine machine, Config config) {
        this(interfacesOf(machine), config);
    }

    NetworkCollector(Supplier<List<NetworkIF>> interfaces, Config config) {
        super(reader -> read(config, reader));
        this.interfaces = interfaces;
    }

    /** Reads the interfaces of a machine, loopback included. */
    static Supplier<List<NetworkIF>> interfacesOf(Machine machine) {
        HardwareAbstractionLayer hardware = machine.hardware();
        return () -> hardware.getNetworkIFs(true);
    }

    @Modified
    void reconfigure(Config config) {
        configure(reader -> read(config, reader));
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(InterfaceCounter.ALL.stream().map(InterfaceCounter::metric), Stream.of(LEFT_OUT))
                .toList();
    }

    @Override
    public List<Sample> collect() {
        diagnostics.clear();
        NetworkSettings current = settings();
        Set<String> excluded = new TreeSet<>();
        Map<String, long[]> counters = new HashMap<>();
        for (NetworkIF network : interfaces.get()) {
            if (current.filter().accepts(network.getName())) {
                counters.put(network.getName(), valuesOf(network));
            } else {
                excluded.add(network.getName());
            }
        }
        diagnostics.noteNames("exclude", "excluded", excluded);
        Set<String> chosen = limit.choose(counters.keySet(), current.maxInterfaces());
        List<Sample> samples = new ArrayList<>();
        for (String name : chosen) {
            addKnown(samples, name, previous.get(name), counters.getOrDefault(name, new long[0]));
        }
        samples.add(LEFT_OUT.sample((double) limit.leftOutTotal()));
        previous = counters;
        return samples;
    }

    private static long[] valuesOf(NetworkIF network) {
        return InterfaceCounter.ALL.stream()
                .mapToLong(counter -> counter.reading().applyAsLong(network))
                .toArray();
    }

    private static void addKnown(List<Sample> samples, String name, long @Nullable [] before, long[] values) {
        for (int i = 0; i < values.length; i++) {
            String metric = InterfaceCounter.ALL.get(i).metric().name();
            if (before != null && values[i] < before[i]) {
                LOG.info(
                        "{} of interface {} stepped back from {} to {} and is left out of this pass; its driver has"
                                + " restarted",
                        metric,
                        name,
                        before[i],
                        values[i]);
            } else if (values[i] >= 0) {
                samples.add(InterfaceCounter.ALL.get(i).metric().sample((double) values[i], name));
            }
        }
    }

    private static NetworkSettings read(Config config, SettingReader reader) {
        return NetworkSettings.read(reader, config.include(), config.exclude(), config.max_interfaces());
    }

    /** @param reading its value since the interface came up; {@link #UNKNOWN} if OSHI does not tell */
    private record InterfaceCounter(Metric metric, ToLongFunction<NetworkIF> reading) {
        static final long UNKNOWN = -1;

        static final List<InterfaceCounter> ALL = List.of(
                counter("rx_bytes", Unit.BYTES, "Bytes received", NetworkIF::getBytesRecv),
                counter("rx_packets", Unit.NONE, "Packets received", NetworkIF::getPacketsRecv),
                counter("rx_errors", Unit.NONE, "Packets received with an error", NetworkIF::getInErrors),
                counter("rx_dropped", Unit.NONE, "Packets received and dropped", NetworkIF::getInDrops),
                counter("tx_bytes", Unit.BYTES, "Bytes sent", NetworkIF::getBytesSent),
                counter("tx_packets", Unit.NONE, "Packets sent", NetworkIF::getPacketsSent),
                counter("tx_errors", Unit.NONE, "Packets that could not be sent for an error", NetworkIF::getOutErrors),
                counter("tx_dropped", Unit.NONE, "Packets dropped before they were sent", network -> UNKNOWN));

        private static InterfaceCounter counter(
                String name, Unit unit, String help, ToLongFunction<NetworkIF> reading) {
            return new InterfaceCounter(Metric.counter("network." + name + "_total", unit, help, "interface"), reading);
        }
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super("tidewatch.collector.network", Config.class, NetworkCollector::read);
        }
    }
}
