package io.tidewatch.collector.tcp;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How many TCP segments had to be sent again, of all connections of the machine: a sign of loss on the way. SRT and RIST
 * are UDP and not part of it.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.tcp")
@CollectorProperties(name = "tcp", interval = "10s")
@Designate(ocd = TcpCollector.Config.class)
public final class TcpCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.tcp", name = "TCP collector")
    @interface Config {}

    private static final Metric ESTABLISHED = Metric.gauge(
            "tcp.established_connections", Unit.NONE, "Connections that are open in both directions or one");
    private static final Metric SENT =
            Metric.counter("tcp.sent_segments_total", Unit.NONE, "Segments sent, retransmissions not counted");
    private static final Metric RETRANSMITTED =
            Metric.counter("tcp.retransmitted_segments_total", Unit.NONE, "Segments retransmitted");

    /** In the order of {@link TcpStatistics#COLUMNS}. */
    private static final List<Metric> METRICS = List.of(ESTABLISHED, SENT, RETRANSMITTED);

    private final ProcFile file;

    @Activate
    public TcpCollector(@Reference ProcFs procFs) {
        file = procFs.procFile("net/snmp");
    }

    @Override
    public List<Metric> metrics() {
        return METRICS;
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        long[] numbers;
        try {
            numbers = TcpStatistics.read(file.read(), diagnostics);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<Sample> samples = new ArrayList<>(METRICS.size());
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != TcpStatistics.ABSENT) {
                samples.add(METRICS.get(i).sample((double) numbers[i]));
            }
        }
        return samples;
    }
}
