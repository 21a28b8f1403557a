package io.tidewatch.deploy;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.WatchedFolder;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the jars that come and go while the agent runs. A file counts as changed when its inode, its size or the time
 * of its last change of any kind differ, and is taken once it has been the same at two looks, so that none is read half
 * written; at the first look at once. Its own health is {@code deploy}.
 *
 * <p>One thread looks; {@link #check} waits for nothing.
 */
final class DeployFolder implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);
    private static final String JARS = "[!.]*.jar";
    private static final String STRAY = "[!.]*.cfg";

    /** What could not be installed for a reason that passes is tried again about once a minute. */
    private static final int LOOKS_BETWEEN_TRIES = 60;

    private final WatchedFolder folder;
    private final Installation installation;
    private final SortedMap<Path, DeployedJar> jars = new TreeMap<>();
    private final Map<String, String> logged = new HashMap<>();
    private Map<Path, String> known = new HashMap<>();
    private List<String> ofFolder = List.of();

    /** What is said of bundles without a jar, without its numbers: it is logged. */
    private List<String> ofOthers = List.of();

    private int looks = 1;
    private volatile Health health = Health.ok("the deploy folder is read", Map.of());

    DeployFolder(Path folder, Installation installation) {
        this.folder = new WatchedFolder(folder);
        this.installation = installation;
    }

    @Override
    public Health check() {
        return health;
    }

    /**
     * Takes what has changed, tries again what could not start, and examines what runs.
     *
     * @param atOnce whether a file is taken although it may still be written
     */
    void look(boolean atOnce) {
        try {
            Map<Path, String> now = folder.stamps(JARS);
            ofFolder = strays();
            for (Path gone : List.copyOf(jars.keySet())) {
                DeployedJar jar = now.containsKey(gone) ? null : jars.remove(gone);
                if (jar != null) {
                    jar.remove();
                }
            }
            now.forEach((file, stamp) -> {
                if (atOnce || stamp.equals(known.get(file))) {
                    jars.computeIfAbsent(file, fresh -> new DeployedJar(fresh, installation))
                            .take(stamp);
                }
            });
            boolean changed = !now.equals(known);
            if (changed || looks % LOOKS_BETWEEN_TRIES == 0) {
                jars.values().forEach(jar -> jar.retry(changed));
            }
            known = now;
        } catch (IOException e) {
            ofFolder = List.of("the folder " + folder.path() + " cannot be read ("
                    + FileFailure.reason(e) + "), so that jars in it are not noticed; "
                    + FileFailure.cure(e, "put a readable folder in its place"));
        }
        looks++;
        jars.values().forEach(DeployedJar::examine);
        assess();
    }

    private void assess() {
        SortedMap<String, Object> details = new TreeMap<>();
        List<String> problems = new ArrayList<>(ofFolder);
        Map<String, String> now = new LinkedHashMap<>();
        for (DeployedJar jar : jars.values()) {
            details.put(jar.name(), jar.details());
            String problem = jar.problem();
            if (!problem.isEmpty()) {
                problems.add(jar.name() + ": " + problem);
                now.put(jar.name(), problem);
            }
        }
        List<String> left = installation.leftBehind();
        left.stream()
                .filter(sentence -> !ofOthers.contains(sentence.replaceAll("\\d+", "")))
                .forEach(LOG::error);
        ofOthers =
                left.stream().map(sentence -> sentence.replaceAll("\\d+", "")).toList();
        problems.addAll(left);
        log(now);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("folder", folder.path().toString());
        all.put("jars", details);
        health = problems.isEmpty()
                ? Health.ok(
                        details.isEmpty()
                                ? "no jar in " + folder.path()
                                : "every jar of " + folder.path() + " is in use",
                        all)
                : Health.degraded(String.join("; ", problems), all);
    }

    private void log(Map<String, String> problems) {
        problems.forEach((jar, problem) -> {
            // Seconds and threads that are counted make it no other problem.
            String kind = problem.replaceAll("\\d+", "");
            if (!kind.equals(logged.put(jar, kind))) {
                LOG.error("{} is of no use, or of limited use: {}", jar, problem);
            }
        });
        for (String jar : List.copyOf(logged.keySet())) {
            if (!problems.containsKey(jar)) {
                logged.remove(jar);
                LOG.info("{} has no problem any more, or is gone", jar);
            }
        }
    }

    private List<String> strays() throws IOException {
        return folder.list(STRAY).stream()
                .map(file -> file.getFileName() + ": no configuration is read from the deploy folder; move it to the"
                        + " configuration folder")
                .toList();
    }
}
