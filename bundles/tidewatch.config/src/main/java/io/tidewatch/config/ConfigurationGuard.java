package io.tidewatch.config;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.config.Verdict.Problem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes .cfg files and puts into force what can be used: a file without a mistake as a whole, of a file with one nothing, so
 * that the last good values stay; at the first sight of a file all but the mistakes. Of a file that was emptied the last
 * good content stays, across restarts. What is in force is what ConfigurationAdmin has, so a component that is rebuilt gets
 * the same again. Every mistake is logged once and shown in health until it is fixed.
 *
 * <p>Safe for use by several threads; {@link #check} waits for none of the others. The files are only read.
 */
final class ConfigurationGuard implements HealthCheck {
    /** So long a file may wait for what it configures, which may be put into the deploy folder a little later. */
    static final Duration GRACE = Duration.ofSeconds(3);

    /** The same after the start, when all bundles are still being started. */
    static final Duration GRACE_AT_START = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationGuard.class);

    private final InForce configurations;
    private final Supplier<Catalogue> newest;
    private final Predicate<String> ownedOtherwise;
    private final Placeholders placeholders;
    private final LastGoodFiles lastGood;
    private final ChosenProfile profile;
    private final LongSupplier nanoTime;
    private final long begin;
    /** By name: a file takes the place of that of the profile, and gives it back. */
    private final SortedMap<String, GuardedFile> files = new TreeMap<>();

    private List<String> ofFolder = List.of();
    private @Nullable Catalogue asked;

    /** Whether what is there at the start was examined: it is no change. */
    private boolean started;

    private volatile Health health = Health.ok("no file was read yet", Map.of());

    /**
     * @param newest the present catalogue; not built while no file needs it, since it costs memory
     * @param ownedOtherwise whether a PID that the catalogue does not know has another owner
     * @param profile values for the keys that a file does not set
     */
    ConfigurationGuard(
            InForce configurations,
            Supplier<Catalogue> newest,
            Predicate<String> ownedOtherwise,
            Placeholders placeholders,
            LastGoodFiles lastGood,
            ChosenProfile profile,
            LongSupplier nanoTime) {
        this.configurations = configurations;
        this.newest = newest;
        this.ownedOtherwise = ownedOtherwise;
        this.placeholders = placeholders;
        this.lastGood = lastGood;
        this.profile = profile;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** A file is there, has changed, or takes the place of another one of its name. */
    synchronized void examine(Path path) {
        String name = String.valueOf(path.getFileName());
        GuardedFile file = files.get(name);
        if (file == null) {
            file = new GuardedFile(path);
            try {
                // This bundle may have been updated: what was in force still is.
                file.everGood = configurations.exists(file.pid);
            } catch (IOException e) {
                LOG.warn("What is in force of {} is not known", file.name(), e);
            }
            files.put(name, file);
            examineInstances(file.pid);
        }
        file.path = path;
        examine(file);
        assess();
    }

    synchronized void gone(Path path) {
        GuardedFile file = files.remove(String.valueOf(path.getFileName()));
        if (file != null) {
            file.report(List.of());
            lastGood.forget(file.name());
            withdraw(file);
            LOG.info("{} is gone and no longer in force", file.name());
            examineInstances(file.pid);
            assess();
        }
    }

    /** Bundles have come or gone, or a reload was requested: what a file means may have changed. */
    synchronized void examineAll() {
        asked = null;
        List.copyOf(files.values()).forEach(this::examine);
        assess();
    }

    /** Examines the files again that wait for something: for what they configure, another secret, being readable. */
    synchronized void look() {
        started = true;
        for (GuardedFile file : List.copyOf(files.values())) {
            if (file.unclaimed
                    || !file.readable
                    || !placeholders.stamp(file.secrets).equals(file.secretStamp)) {
                examine(file);
            }
        }
        assess();
    }

    /** Notes what is wrong with the folder as a whole, and logs what is new of it. */
    synchronized void reportOfFolder(List<String> problems) {
        problems.stream().filter(problem -> !ofFolder.contains(problem)).forEach(problem -> LOG.error("{}", problem));
        if (!problems.equals(ofFolder)) {
            ofFolder = List.copyOf(problems);
            assess();
        }
    }

    @Override
    public Health check() {
        return health;
    }

    private Catalogue catalogue() {
        Catalogue now = newest.get();
        asked = now;
        return now;
    }

    private void assess() {
        List<String> problems = new ArrayList<>(ofFolder);
        for (GuardedFile file : files.values()) {
            for (Problem problem : file.problems) {
                problems.add(problem.in(file.name()) + (problem.refused() ? file.consequence(problem) : ""));
            }
        }
        if (asked != null) {
            problems.addAll(asked.troubles());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("files", files.size());
        if (problems.isEmpty()) {
            health = Health.ok("every file is in force", details);
        } else {
            details.put("problems", problems);
            health = Health.degraded(
                    problems.size() == 1
                            ? problems.get(0)
                            : problems.size() + " problems, the first: " + problems.get(0),
                    details);
        }
    }

    private void examine(GuardedFile file) {
        List<Problem> problems = new ArrayList<>();
        try {
            byte[] content = CfgFile.bytes(file.path);
            file.readable = true;
            Problem unused = file.pid.unused(file.path, this::catalogue);
            if (unused != null) {
                problems.add(unused);
                withdraw(file);
            } else {
                use(file, content, problems);
            }
        } catch (NoSuchFileException e) {
            // The file was removed since; the next look finds that.
            return;
        } catch (IOException e) {
            file.readable = false;
            problems.add(new Problem(0, CfgFile.unreadable(e), true));
        }
        file.report(problems);
    }

    /** Examines the files of instances again, if the file without an instance has come or gone: they are not used beside it. */
    private void examineInstances(PidOfFile changed) {
        if (changed.instance() == null) {
            for (GuardedFile file : List.copyOf(files.values())) {
                if (file.pid.instance() != null && file.pid.pid().equals(changed.pid())) {
                    examine(file);
                }
            }
        }
    }

    private void use(GuardedFile file, byte[] content, List<Problem> problems) throws IOException {
        byte[] used = content;
        boolean emptied = CfgFile.isEmptied(content);
        if (emptied) {
            problems.add(new Problem(0, CfgFile.EMPTIED, true));
            used = lastGood.read(file.name()).orElse(content);
        }
        String pid = file.pid.pid();
        CfgFile parsed = profile.under(file.name(), CfgFile.parse(used));
        boolean unclaimedBefore = file.unclaimed;
        file.unclaimed = !parsed.isEmpty() && !catalogue().owns(pid) && !ownedOtherwise.test(pid);
        if (file.unclaimed && !unclaimedBefore) {
            file.unclaimedSince = nanoTime.getAsLong();
        }
        String stamp = placeholders.stamp(file.secrets);
        Verdict verdict = Validator.validate(parsed, pid, this::catalogue, placeholders);
        if (!verdict.secrets().equals(file.secrets)) {
            stamp = placeholders.stamp(verdict.secrets());
        }
        file.secrets = verdict.secrets();
        file.secretStamp = stamp;
        problems.addAll(verdict.problems());
        if (verdict.good() || !file.everGood) {
            putIntoForce(file, parsed, verdict);
            file.everGood &= !emptied || used != content;
        }
        file.compare(parsed.values(), problems);
        if (file.everGood && !emptied && verdict.good() && !parsed.isEmpty()) {
            lastGood.keep(file.name(), content);
        }
        if (file.unclaimed && !inGrace(file)) {
            problems.add(new Problem(0, catalogue().unclaimed(pid), false));
        }
    }

    private void putIntoForce(GuardedFile file, CfgFile parsed, Verdict verdict) throws IOException {
        // Once nothing knew what the values are for, and nothing checked them.
        file.everGood = verdict.good() && !file.unclaimed;
        boolean first = file.inForce == null;
        String change = file.changeTo(
                parsed.values(),
                verdict.values().keySet(),
                () -> catalogue().keys(file.pid.pid()).map(KnownKeys::secret).orElse(Set.of()));
        LogSettings.publish(file.pid.pid(), verdict.values());
        configurations.put(file.pid, verdict.values(), file.path.toUri().toString());
        if (!change.isEmpty() && (started || !first)) {
            LOG.info("{}: {}", file.name(), change);
        }
    }

    private void withdraw(GuardedFile file) {
        try {
            if (file.pid.instance() == null) {
                LogSettings.publish(file.pid.pid(), Map.of());
            }
            if (configurations.exists(file.pid)) {
                configurations.delete(file.pid);
            }
            file.everGood = false;
        } catch (IOException e) {
            LOG.error("The configuration of {} cannot be withdrawn; restart the agent", file.name(), e);
        }
    }

    private boolean inGrace(GuardedFile file) {
        long now = nanoTime.getAsLong();
        return now - file.unclaimedSince < GRACE.toNanos() || now - begin < GRACE_AT_START.toNanos();
    }
}
