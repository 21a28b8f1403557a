package io.tidewatch.collector.network;

import static org.osgi.service.component.annotations.ConfigurationPolicy.OPTIONAL;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.NetworkSettings;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.collector.network.InterfaceCounters.Counter;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * What the network interfaces have carried since they came up. A counter that steps back, because its driver or modem
 * started anew, is left out of that pass, so that the loss is not taken for traffic. Interfaces of a default route are
 * reported whatever the configuration excludes.
 */
@Component(service = Collector.class, configurationPid = NetworkCollector.PID, configurationPolicy = OPTIONAL)
@CollectorProperties(name = "network", interval = "10s")
@Designate(ocd = NetworkCollector.Config.class, factory = true)
public final class NetworkCollector extends ConfiguredCollector<NetworkSettings> {
    static final String PID = "tidewatch.collector.network";

    @ObjectClassDefinition(id = PID, name = "Network collector", description = "Which network interfaces are reported")
    public @interface Config {
        @AttributeDefinition(
                description = "Regular expressions over whole interface names; these are reported although `exclude`"
                        + " matches them")
        String include() default "";

        @AttributeDefinition(
                description = "Regular expressions over whole interface names; these are not reported: virtual ones,"
                        + " and modems, whose many names cost series. Interfaces of a default route are reported all the"
                        + " same")
        String exclude() default NetworkSettings.EXCLUDE;

        @AttributeDefinition(
                description = "How many interfaces are reported at most, 1 to 1000; the rest is counted and named in"
                        + " the log")
        String max_interfaces() default NetworkSettings.MAX_INTERFACES;
    }

    private static final Metric LEFT_OUT = Metric.counter(
            "network.interfaces_dropped_total",
            Unit.NONE,
            "Interfaces not reported, as there were more than `max.interfaces`");
    private static final Logger LOG = LoggerFactory.getLogger(NetworkCollector.class);

    private final ProcFile file;
    private final InterfaceSelection selection = new InterfaceSelection();
    private final DefaultRoutes routes;
    private Map<String, InterfaceCounters> previous = new HashMap<>();

    @Activate
    public NetworkCollector(@Reference ProcFs procFs, Config config) {
        super(reader -> read(config, reader));
        file = procFs.procFile("net/dev");
        routes = new DefaultRoutes(procFs);
    }

    @Modified
    void reconfigure(Config config) {
        configure(reader -> read(config, reader));
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(Counter.ALL.stream().map(counter -> counter.metric), Stream.of(LEFT_OUT))
                .toList();
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        NetworkSettings current = settings();
        Map<String, InterfaceCounters> counters;
        try {
            Fields fields = file.read();
            routes.read(diagnostics);
            counters = read(fields, current);
        } catch (NoSuchFileException e) {
            diagnostics.note("net/dev", "this machine has no " + file.path());
            return List.of();
        }
        routes.retain(counters.keySet());
        Set<String> chosen = selection.choose(counters.keySet(), routes::areOf, current.maxInterfaces());
        List<Sample> samples = new ArrayList<>(chosen.size() * Counter.ALL.size() + 1);
        counters.forEach((name, now) -> {
            if (chosen.contains(name)) {
                addTo(samples, name, previous.get(name), now);
            }
        });
        if (!counters.isEmpty() || !diagnostics.hasDamage()) {
            samples.add(LEFT_OUT.sample((double) selection.leftOutTotal()));
        }
        previous = counters;
        return samples;
    }

    private Map<String, InterfaceCounters> read(Fields fields, NetworkSettings settings) {
        Map<String, InterfaceCounters> counters = new HashMap<>();
        Set<String> excluded = new TreeSet<>();
        InterfaceCounters.skipHeader(fields, diagnostics);
        while (fields.nextLine()) {
            String subject = "line " + fields.lineNumber();
            try {
                String name = InterfaceCounters.name(fields);
                subject = name;
                if (settings.filter().accepts(name) || routes.areOf(name)) {
                    InterfaceCounters line = new InterfaceCounters();
                    line.read(fields, name, diagnostics);
                    counters.put(name, line);
                } else {
                    excluded.add(name);
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(subject, e);
            }
        }
        diagnostics.noteNames("exclude", "excluded", excluded);
        return counters;
    }

    private static void addTo(
            List<Sample> samples, String name, @Nullable InterfaceCounters before, InterfaceCounters now) {
        for (Counter counter : Counter.ALL) {
            long value = now.get(counter);
            if (before != null && value != InterfaceCounters.ABSENT && value < before.get(counter)) {
                now.steppedBack.add(counter);
                if (!before.steppedBack.contains(counter)) {
                    LOG.info(
                            "{} of interface {} stepped back from {} to {} and is left out of this pass; its driver or"
                                    + " modem has restarted",
                            counter.metric.name(),
                            name,
                            before.get(counter),
                            value);
                }
            } else if (value != InterfaceCounters.ABSENT) {
                samples.add(counter.metric.sample((double) value, name));
            }
        }
    }

    private static NetworkSettings read(Config config, SettingReader reader) {
        return NetworkSettings.read(reader, config.include(), config.exclude(), config.max_interfaces());
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, NetworkCollector::read);
        }
    }
}
