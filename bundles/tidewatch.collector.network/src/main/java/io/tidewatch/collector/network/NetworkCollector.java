package io.tidewatch.collector.network;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfigurableCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.LastGood;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the network interfaces have carried since they came up. An interface one of whose counters went back, because its
 * driver or modem started anew, is left out of one pass, so that the loss is not taken for traffic.
 *
 * <p>Source: {@code /proc/net/dev}, see {@link InterfaceCounters}.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.network")
@CollectorProperties(name = "network", interval = "10s")
@Designate(ocd = NetworkCollector.Config.class)
public final class NetworkCollector implements ConfigurableCollector {
    /** Configuration, PID {@code tidewatch.collector.network}. */
    @ObjectClassDefinition(
            id = "tidewatch.collector.network",
            name = "Network collector",
            description = "Which network interfaces are reported")
    public @interface Config {
        /** Patterns over names of interfaces. */
        @AttributeDefinition(
                description = "Regular expressions over whole interface names; these are reported although `exclude`"
                        + " matches them")
        String include() default "";

        /** Patterns over names of interfaces. */
        @AttributeDefinition(
                description = "Regular expressions over whole interface names; these are not reported: virtual ones,"
                        + " and modems, whose many names cost series")
        String exclude() default NetworkSettings.DEFAULT_EXCLUDE;

        /** Highest number of interfaces. */
        @AttributeDefinition(
                description = "How many interfaces are reported at most, 1 to 1000; the rest is counted and named in"
                        + " the log")
        String max_interfaces() default "" + NetworkSettings.DEFAULT_MAX_INTERFACES;
    }

    private static final Metric LEFT_OUT = Metric.counter(
            "network.interfaces_dropped_total",
            Unit.NONE,
            "Interfaces not reported, as there were more than `max.interfaces`");
    private static final Logger LOG = LoggerFactory.getLogger(NetworkCollector.class);

    private final ProcFile file;
    private final LastGood<NetworkSettings> settings;
    private final InterfaceSelection selection = new InterfaceSelection();
    private Map<String, InterfaceCounters> previous = new HashMap<>();

    /**
     * @param procFs where /proc is
     * @param config which interfaces
     */
    @Activate
    public NetworkCollector(@Reference ProcFs procFs, Config config) {
        this(procFs, config.include(), config.exclude(), config.max_interfaces());
    }

    NetworkCollector(ProcFs procFs, String include, String exclude, String maxInterfaces) {
        file = procFs.procFile("net/dev");
        settings = new LastGood<>(reader -> NetworkSettings.read(reader, include, exclude, maxInterfaces));
    }

    @Modified
    void reconfigure(Config config) {
        reconfigure(config.include(), config.exclude(), config.max_interfaces());
    }

    void reconfigure(String include, String exclude, String maxInterfaces) {
        settings.offer(reader -> NetworkSettings.read(reader, include, exclude, maxInterfaces));
    }

    @Override
    public List<InvalidSettingException> rejectedSettings() {
        return settings.rejected();
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(Counter.ALL.stream().map(Counter::metric), Stream.of(LEFT_OUT))
                .toList();
    }

    @Override
    public List<Sample> collect() throws IOException {
        NetworkSettings current = settings.inForce();
        Map<String, InterfaceCounters> counters;
        try {
            counters = read(file.read(), current);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        Set<String> chosen = selection.choose(counters.keySet(), current.maxInterfaces());
        List<Sample> samples = new ArrayList<>(chosen.size() * Counter.ALL.size() + 1);
        counters.forEach((name, now) -> {
            if (chosen.contains(name) && !wentBack(name, previous.get(name), now)) {
                Counter.ALL.forEach(counter -> samples.add(counter.metric().sample((double) now.get(counter), name)));
            }
        });
        samples.add(LEFT_OUT.sample((double) selection.leftOutTotal()));
        previous = counters;
        return samples;
    }

    private static Map<String, InterfaceCounters> read(Fields fields, NetworkSettings settings) throws IOException {
        Map<String, InterfaceCounters> counters = new HashMap<>();
        InterfaceCounters.skipHeader(fields);
        while (fields.nextLine()) {
            String name = InterfaceCounters.name(fields);
            if (settings.filter().accepts(name)) {
                InterfaceCounters line = new InterfaceCounters();
                line.read(fields);
                counters.put(name, line);
            }
        }
        return counters;
    }

    private static boolean wentBack(String name, @Nullable InterfaceCounters before, InterfaceCounters now) {
        if (before == null) {
            return false;
        }
        for (Counter counter : Counter.ALL) {
            if (now.get(counter) < before.get(counter)) {
                LOG.info(
                        "Interface {} is left out of a pass: its {} went back from {} to {}, so it has started anew",
                        name,
                        counter.metric().name(),
                        before.get(counter),
                        now.get(counter));
                return true;
            }
        }
        return false;
    }
}
