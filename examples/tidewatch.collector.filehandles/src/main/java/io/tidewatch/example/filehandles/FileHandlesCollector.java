package io.tidewatch.example.filehandles;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * How many files the whole system has open, and how many it may. A leak in any program shows here before it breaks the
 * others.
 *
 * <p>Source: {@code /proc/sys/fs/file-nr}, kernel documentation, admin-guide/sysctl/fs.rst: allocated, unused (0 since
 * Linux 2.6), maximum.
 */
@Component(configurationPid = "tidewatch.collector.filehandles")
@CollectorProperties(name = "filehandles", interval = "30s")
public final class FileHandlesCollector implements Collector {
    private static final Metric ALLOCATED =
            Metric.gauge("filehandles.allocated", Unit.NONE, "Files that the whole system has open");
    private static final Metric MAXIMUM =
            Metric.gauge("filehandles.maximum", Unit.NONE, "Files that the whole system may have open");

    private final ProcFile file;

    /** @param procFs where /proc is */
    @Activate
    public FileHandlesCollector(@Reference ProcFs procFs) {
        file = procFs.procFile("sys/fs/file-nr");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(ALLOCATED, MAXIMUM);
    }

    @Override
    public List<Sample> collect() throws IOException {
        try {
            Fields fields = file.read();
            fields.nextLine();
            long allocated = fields.number();
            fields.number();
            return List.of(ALLOCATED.sample((double) allocated), MAXIMUM.sample((double) fields.number()));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
