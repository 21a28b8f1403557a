package io.tidewatch.config;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.config.Verdict.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes .cfg files from FileInstall, which watches the folders, and puts into force what can be used: a file without a
 * mistake as a whole, of a file with one nothing, so that the last good values stay; at the first sight of a file all
 * but the mistakes. What is in force is what ConfigurationAdmin has, so a component that is rebuilt gets the same again.
 * Every mistake is logged once and shown in health until it is mended.
 *
 * <p>Safe for use by several threads. The files are only read.
 */
final class ConfigurationGuard implements ArtifactInstaller, HealthCheck {
    /** So long a file may wait for what it configures, which may be put into the deploy folder a little later. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationGuard.class);

    private final InForce configurations;
    private final Supplier<Catalogue> catalogue;
    private final Predicate<String> ownedOtherwise;
    private final Placeholders placeholders;
    private final LongSupplier nanoTime;
    private final Runnable needsSecondLook;
    private final SortedMap<Path, GuardedFile> files = new TreeMap<>();

    /**
     * @param configurations what is in force
     * @param catalogue what there is to configure, by now
     * @param ownedOtherwise whether a PID that the catalogue does not know is somebody's nevertheless
     * @param placeholders puts in what values stand for
     * @param nanoTime monotonic nanoseconds
     * @param needsSecondLook called when {@link #look} should be called after a while
     */
    ConfigurationGuard(
            InForce configurations,
            Supplier<Catalogue> catalogue,
            Predicate<String> ownedOtherwise,
            Placeholders placeholders,
            LongSupplier nanoTime,
            Runnable needsSecondLook) {
        this.configurations = configurations;
        this.catalogue = catalogue;
        this.ownedOtherwise = ownedOtherwise;
        this.placeholders = placeholders;
        this.nanoTime = nanoTime;
        this.needsSecondLook = needsSecondLook;
    }

    @Override
    public boolean canHandle(File artifact) {
        return artifact.getName().endsWith(PidOfFile.ENDING);
    }

    @Override
    public synchronized void install(File artifact) {
        Path path = artifact.toPath().toAbsolutePath();
        GuardedFile file = files.get(path);
        if (file == null) {
            file = new GuardedFile(path);
            try {
                // This bundle may have been updated: what was in force still is.
                file.everGood = configurations.exists(file.pid);
            } catch (IOException e) {
                LOG.warn("What is in force of {} is not known", file.name(), e);
            }
            files.put(path, file);
        }
        examine(file);
    }

    @Override
    public void update(File artifact) {
        install(artifact);
    }

    @Override
    public synchronized void uninstall(File artifact) throws IOException {
        GuardedFile file = files.remove(artifact.toPath().toAbsolutePath());
        if (file != null) {
            report(file, List.of());
            LogSettings.publish(file.pid.pid(), Map.of());
            configurations.delete(file.pid);
        }
    }

    /** Bundles have come or gone: what a file means may have changed. */
    synchronized void examineAll() {
        List.copyOf(files.values()).forEach(this::examine);
    }

    /**
     * Looks at the files again that wait for something: for what they configure, for another secret, for being readable.
     *
     * @return whether there are any still
     */
    synchronized boolean look() {
        boolean again = false;
        for (GuardedFile file : List.copyOf(files.values())) {
            if (file.unclaimed
                    || !file.readable
                    || !placeholders.stamp(file.secrets).equals(file.secretStamp)) {
                examine(file);
            }
            again |= waits(file);
        }
        return again;
    }

    @Override
    public synchronized Health check() {
        List<String> problems = new ArrayList<>();
        for (GuardedFile file : files.values()) {
            for (Problem problem : file.problems) {
                problems.add(problem.in(file.name()) + (problem.refused() ? file.consequence() : ""));
            }
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("files", files.size());
        if (problems.isEmpty()) {
            return Health.ok("every file is in force", details);
        }
        details.put("problems", problems.size());
        return Health.degraded("mend " + String.join("; mend ", problems), details);
    }

    private void examine(GuardedFile file) {
        List<Problem> problems = new ArrayList<>();
        try {
            CfgFile content = CfgFile.parse(Files.readAllBytes(file.path));
            file.readable = true;
            String pid = file.pid.pid();
            boolean unclaimedBefore = file.unclaimed;
            file.unclaimed = !content.isEmpty() && !catalogue.get().owns(pid) && !ownedOtherwise.test(pid);
            if (file.unclaimed && !unclaimedBefore) {
                file.unclaimedSince = nanoTime.getAsLong();
            }
            String stamp = placeholders.stamp(file.secrets);
            Verdict verdict = new Judge(placeholders).judge(content, pid, catalogue);
            if (!verdict.secrets().equals(file.secrets)) {
                stamp = placeholders.stamp(verdict.secrets());
            }
            file.secrets = verdict.secrets();
            file.secretStamp = stamp;
            problems.addAll(verdict.problems());
            putIntoForce(file, verdict);
            if (file.unclaimed && !inGrace(file)) {
                problems.add(new Problem(0, Unclaimed.problem(pid, catalogue.get()), false));
            }
        } catch (NoSuchFileException e) {
            // Gone meanwhile; FileInstall will say so.
            return;
        } catch (IOException e) {
            file.readable = false;
            problems.add(new Problem(
                    0,
                    "cannot be read (" + e.getClass().getSimpleName()
                            + "); let the user that the agent runs as read it",
                    true));
        }
        report(file, problems);
        if (waits(file)) {
            needsSecondLook.run();
        }
    }

    private void putIntoForce(GuardedFile file, Verdict verdict) throws IOException {
        if (!verdict.good() && file.everGood) {
            return;
        }
        // Once nobody knew what the values are for, and nobody judged them.
        file.everGood = verdict.good() && !file.unclaimed;
        LogSettings.publish(file.pid.pid(), verdict.values());
        configurations.put(file.pid, verdict.values(), file.path.toUri().toString());
    }

    private boolean waits(GuardedFile file) {
        return (file.unclaimed && inGrace(file)) || !file.readable || !file.secrets.isEmpty();
    }

    private boolean inGrace(GuardedFile file) {
        return nanoTime.getAsLong() - file.unclaimedSince < GRACE.toNanos();
    }

    /** Says what is new, each once. */
    private static void report(GuardedFile file, List<Problem> problems) {
        Set<String> known = new HashSet<>();
        file.problems.forEach(problem -> known.add(problem.text()));
        boolean refusedBefore = !file.problems.isEmpty();
        for (Problem problem : problems) {
            if (known.contains(problem.text())) {
                continue;
            }
            if (problem.refused()) {
                LOG.error("{}{}", problem.in(file.name()), file.consequence());
            } else {
                LOG.warn("{}", problem.in(file.name()));
            }
        }
        if (problems.isEmpty() && refusedBefore) {
            LOG.info("{} is mended", file.name());
        }
        file.problems = List.copyOf(problems);
    }
}
