package io.tidewatch.collector.filesystem;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.ConfiguredCollector;
import io.tidewatch.api.collector.FilesystemSettings;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.procfs.FreeInodes;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Space, free inodes and read-only state of the mounted file systems. A file system that does not answer delays neither
 * the agent nor the others: its space is left out, and it is not asked again until the thread that waits for it returns.
 *
 * <p>Source: {@code /proc/1/mounts}, see {@link MountTable}; statvfs(3) for the space.
 */
@Component(
        service = Collector.class,
        configurationPid = FilesystemCollector.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@CollectorProperties(name = "filesystem", interval = "60s")
@Designate(ocd = FilesystemCollector.Config.class, factory = true)
public final class FilesystemCollector extends ConfiguredCollector<FilesystemSettings> {
    static final String PID = "tidewatch.collector.filesystem";

    static final int MOST_HUNG = 8;

    /** Threads that hang when servers are not asked any more, so that dead ones leave some for the disks. */
    static final int MOST_HUNG_FOR_SERVERS = 4;

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

    /**
     * How long a file system may take; most take microseconds. A large vfat first counts its free clusters once, which can
     * take longer: it is asked again when it has.
     */
    private static final Duration ANSWER_TIME = Duration.ofSeconds(1);

    /** Less than the interval: a thread that waits for the next pass would hold a tenth of a megabyte until then. */
    private static final Duration IDLE_TIME = Duration.ofSeconds(10);

    /** What may pass before the last file system of a pass is asked, in times to answer: the timeout of a pass is 5s. */
    private static final int LAST_QUESTION = 2;

    private static final String UNANSWERED = "does not answer; its sizes are left out until it does";

    @ObjectClassDefinition(
            id = PID,
            name = "File systems",
            description = "Space, free inodes and read-only state of the mounted file systems")
    public @interface Config {
        @AttributeDefinition(description = "Mount points that are reported although `exclude` matches them")
        String include() default FilesystemSettings.INCLUDE;

        @AttributeDefinition(description = "Mount points that are left out; regular expressions over whole names")
        String exclude() default FilesystemSettings.EXCLUDE;

        @AttributeDefinition(description = "Types of file systems that are reported; regular expressions")
        String fstypes() default FilesystemSettings.FSTYPES;

        @AttributeDefinition(description = "`true` also reports free inodes, which costs 1 MB of memory")
        String inodes() default "false";
    }

    private final ProcFs procFs;
    private final MountFiles mountFiles;
    private final Capacity.Reader capacities;
    private final Duration answerTime;
    private final HangGuard guard = new HangGuard("tidewatch-filesystem", IDLE_TIME);

    /** Not got before it is needed, since that loads what it costs. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable ComponentServiceObjects<FreeInodes> freeInodes;

    @Activate
    public FilesystemCollector(@Reference ProcFs procFs, Config config) {
        this(procFs, config, Capacity::of, ANSWER_TIME);
    }

    FilesystemCollector(ProcFs procFs, Config config, Capacity.Reader capacities, Duration answerTime) {
        super(reader -> read(config, reader));
        this.procFs = procFs;
        this.mountFiles = new MountFiles(procFs);
        this.capacities = capacities;
        this.answerTime = answerTime;
    }

    @Modified
    void modified(Config config) {
        configure(reader -> read(config, reader));
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        guard.close();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SIZE, AVAILABLE, USED, FILES_FREE, READONLY);
    }

    @Override
    public List<Sample> collect() throws IOException, InterruptedException {
        diagnostics.clear();
        Map<String, Mount> ofMachine = mountFiles.ofMachine(diagnostics);
        if (ofMachine == null) {
            diagnostics.note("mounts", "this machine has no table of mounts");
            return List.of();
        }
        FilesystemSettings now = settings();
        diagnostics.noteNames(
                "excluded",
                "excluded",
                ofMachine.values().stream()
                        .filter(mount -> mount.isExcludedBy(now))
                        .map(mount -> mount.mountPoint() + " (" + mount.fstype() + ")")
                        .sorted()
                        .toList());
        // Disks first, so that dead servers do not use up the time of the pass before.
        List<Mount> mounts = ofMachine.values().stream()
                .filter(mount -> now.accepts(mount.fstype(), mount.mountPoint()))
                .sorted(Comparator.comparing(mount -> !mount.isOnBlockDevice()))
                .toList();
        ComponentServiceObjects<FreeInodes> service = now.inodes() ? freeInodes : null;
        FreeInodes inodes = service == null ? null : service.getService();
        if (now.inodes() && inodes == null) {
            diagnostics.note("inodes", "inodes = true, but no bundle counts free inodes; install tidewatch.statvfs");
        }
        try {
            return new Pass(mountFiles.ofAgent(), inodes).collect(mounts);
        } finally {
            if (service != null && inodes != null) {
                service.ungetService(inodes);
            }
        }
    }

    private static FilesystemSettings read(Config config, SettingReader reader) {
        return FilesystemSettings.read(reader, config.include(), config.exclude(), config.fstypes(), config.inodes());
    }

    public static final class Check extends SettingsCheck<Config> {
        public Check() {
            super(PID, Config.class, FilesystemCollector::read);
        }
    }

    private final class Pass {
        private final long start = System.nanoTime();
        private final @Nullable Map<String, Mount> ofAgent;
        private final @Nullable FreeInodes inodes;
        private final List<Sample> samples = new ArrayList<>();

        Pass(@Nullable Map<String, Mount> ofAgent, @Nullable FreeInodes inodes) {
            this.ofAgent = ofAgent;
            this.inodes = inodes;
        }

        List<Sample> collect(List<Mount> mounts) throws InterruptedException {
            for (Mount mount : mounts) {
                add(mount, READONLY, mount.readOnly() ? 1 : 0);
                measure(mount);
            }
            return samples;
        }

        private void measure(Mount mount) throws InterruptedException {
            Path path;
            try {
                path = procFs.mounted(mount.mountPoint());
            } catch (InvalidPathException e) {
                hidden(mount, "has a mount point that the locale of this process cannot name");
                return;
            }
            if (ofAgent != null) {
                Mount seen = ofAgent.get(path.toString());
                if (seen == null || !seen.isSameAs(mount)) {
                    hidden(mount, "is hidden from the agent, so that its sizes cannot be read");
                    return;
                }
            }
            boolean outOfTime = System.nanoTime() - start > LAST_QUESTION * answerTime.toNanos();
            if (guard.hangs(mount.name())) {
                lost(mount, UNANSWERED);
            } else if (outOfTime
                    || guard.hungThreads() >= (mount.isOnBlockDevice() ? MOST_HUNG : MOST_HUNG_FOR_SERVERS)) {
                lost(mount, "is not asked while so many others do not answer");
            } else {
                measure(mount, path);
            }
        }

        private void measure(Mount mount, Path path) throws InterruptedException {
            try {
                Capacity capacity = ask(mount, () -> capacities.read(path));
                if (capacity.isKnown() && !capacity.isPossible()) {
                    lost(mount, "reports sizes that cannot be: " + capacity);
                } else if (capacity.isKnown()) {
                    add(mount, SIZE, (double) capacity.size());
                    add(mount, AVAILABLE, (double) capacity.available());
                    add(mount, USED, capacity.usedPercent());
                }
                FreeInodes asked = inodes;
                OptionalLong free = asked == null ? OptionalLong.empty() : ask(mount, () -> asked.of(path));
                free.ifPresent(files -> add(mount, FILES_FREE, (double) files));
            } catch (TimeoutException e) {
                lost(mount, UNANSWERED);
            } catch (IOException e) {
                lost(mount, "cannot be asked: " + e.getMessage());
            }
        }

        private void lost(Mount mount, String trouble) {
            diagnostics.damaged(mount.name(), "the file system '" + mount.name() + "' " + trouble);
        }

        private void hidden(Mount mount, String trouble) {
            diagnostics.note(mount.name(), "the file system '" + mount.name() + "' " + trouble);
        }

        private <T> T ask(Mount mount, Callable<T> question)
                throws IOException, TimeoutException, InterruptedException {
            try {
                return guard.ask(mount.name(), question, answerTime);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException io) {
                    throw io;
                }
                throw new IllegalStateException("A question to the file system " + mount.name() + " failed", e);
            }
        }

        private void add(Mount mount, Metric metric, double value) {
            samples.add(metric.sample(value, mount.mountPoint(), mount.device(), mount.fstype()));
        }
    }
}
