package io.tidewatch.collector.oshi;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.FilesystemSettings;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import oshi.software.os.FileSystem;
import oshi.software.os.OSFileStore;

/**
 * Space, free inodes and read-only state of the mounted file systems. OSHI asks all of them in one go: one that does not
 * answer holds up this collector, and is shown in health as its pass that hangs; the others go on.
 *
 * <p>Source: {@link FileSystem#getFileStores(boolean)}; on macOS getfsstat(2).
 */
@Component(
        service = Collector.class,
        configurationPid = "tidewatch.collector.filesystem",
        property = "service.ranking:Integer=-100")
@CollectorProperties(name = "filesystem", interval = "60s")
public final class FilesystemCollector extends ConfiguredCollector<FilesystemSettings> {
    public @interface Config {
        String include() default FilesystemSettings.INCLUDE;

        String exclude() default FilesystemSettings.EXCLUDE;

        String fstypes() default FilesystemSettings.FSTYPES;

        String inodes() default "false";
    }

    private static final String[] TAGS = {"mountpoint", "device", "fstype"};
    private static final Metric SIZE =
            Metric.gauge("filesystem.size_bytes", Unit.BYTES, "Size of the file system", TAGS);
    private static final Metric AVAILABLE = Metric.gauge(
            "filesystem.available_bytes", Unit.BYTES, "What an ordinary user may still write, as df shows it", TAGS);
    private static final Metric USED = Metric.gauge(
            "filesystem.used_percent", Unit.PERCENT, "Used share of what an ordinary user may have in all", TAGS);
    private static final Metric FILES_FREE = Metric.gauge(
            "filesystem.files_free", Unit.NONE, "Free inodes, as df -i shows them; only with `inodes = true`", TAGS);
    private static final Metric READONLY = Metric.gauge(
            "filesystem.readonly", Unit.NONE, "1 if nothing can be written, by mount option or after an error", TAGS);

    private final FileSystem fileSystem;

    @Activate
    public FilesystemCollector(@Reference Machine machine, Config config) {
        this(machine.system().getFileSystem(), config);
    }

    FilesystemCollector(FileSystem fileSystem, Config config) {
        super(reader -> read(config, reader));
        this.fileSystem = fileSystem;
    }

    @Modified
    void reconfigure(Config config) {
        configure(reader -> read(config, reader));
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SIZE, AVAILABLE, USED, FILES_FREE, READONLY);
    }

    @Override
    public List<Sample> collect() {
        diagnostics.clear();
        // Of several file systems on one mount point only the last is seen, as its files are.
        Map<String, OSFileStore> byMountPoint = new LinkedHashMap<>();
        fileSystem.getFileStores(false).forEach(store -> byMountPoint.put(store.getMount(), store));
        FilesystemSettings current = settings();
        List<Sample> samples = new ArrayList<>();
        for (OSFileStore store : byMountPoint.values()) {
            if (current.accepts(store.getType(), store.getMount())) {
                add(samples, store, current.inodes());
            }
        }
        return samples;
    }

    private void add(List<Sample> samples, OSFileStore store, boolean inodes) {
        String[] tags = {store.getMount(), store.getVolume(), store.getType()};
        boolean readOnly = List.of(store.getOptions().split(",", -1)).contains("ro");
        samples.add(READONLY.sample(readOnly ? 1 : 0, tags));
        long size = store.getTotalSpace();
        long free = store.getFreeSpace();
        long available = store.getUsableSpace();
        if (size > 0 && (free < 0 || free > size || available < 0 || available > size)) {
            diagnostics.damaged(
                    store.getMount(),
                    "the file system '" + store.getMount() + "' reports sizes that cannot be: " + size + " in all, "
                            + free + " free, " + available + " available");
        } else if (size > 0) {
            samples.add(SIZE.sample((double) size, tags));
            samples.add(AVAILABLE.sample((double) available, tags));
            samples.add(USED.sample(usedPercent(size - free, available), tags));
        }
        // Some kinds of file systems have no fixed number of inodes, and say 0 of 0.
        if (inodes && store.getTotalInodes() > 0) {
            samples.add(FILES_FREE.sample((double) store.getFreeInodes(), tags));
        }
    }

    /** As df computes it, used / (used + available); hundredths, where df rounds up to whole ones. */
    private static double usedPercent(long used, long available) {
        double reachable = (double) used + available;
        return reachable > 0 ? Math.round(10_000.0 * used / reachable) / 100.0 : 100;
    }

    private static FilesystemSettings read(Config config, SettingReader reader) {
        return FilesystemSettings.read(reader, config.include(), config.exclude(), config.fstypes(), config.inodes());
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super("tidewatch.collector.filesystem", Config.class, FilesystemCollector::read);
        }
    }
}
