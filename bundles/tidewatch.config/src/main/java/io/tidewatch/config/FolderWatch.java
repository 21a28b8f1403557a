package io.tidewatch.config;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.FolderHealth;
import io.tidewatch.api.config.WatchedFolder;
import io.tidewatch.api.health.Exhaustion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the folder of the .cfg files, on the daemon thread {@code tidewatch-config}, and hands what changed to the guard. A
 * file counts as changed when its inode, its size or the time of its last change of any kind differ: an edit that keeps
 * size and modification time is seen as well. It is handed over once it has been the same at two looks, so that none is
 * read half written; at the first look at once. A folder that cannot be read changes nothing.
 */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
    private static final String FILES = "[!.]*" + PidOfFile.ENDING;
    private static final String JARS = "[!.]*.jar";

    /** Looks from one at files that wait for something to the next. */
    private static final int WAITING = 5;

    private static final Duration JOIN = Duration.ofSeconds(5);

    private final WatchedFolder folder;
    private final ConfigurationGuard guard;
    private final ChosenProfile profile;
    private final FolderHealth health;
    private final Runnable rarely;
    private final Duration period;
    private final Thread thread = new Thread(this::run, "tidewatch-config");

    // Of the thread that looks: the one that starts, then the watch's own.
    private Map<Path, String> known = new HashMap<>();
    private Map<Path, String> handed = new HashMap<>();
    private int looks;
    private boolean again;
    private String failure = "";

    /** Has an element when the next look is due at once, and examines every file. */
    private final BlockingQueue<Boolean> wanted = new ArrayBlockingQueue<>(1);

    private volatile boolean closed;

    /**
     * @param profile is looked at as well; the guard has the same
     * @param health learns of each look but that of the start
     * @param rarely runs on the thread with every fifth look, not with that of the start
     */
    FolderWatch(
            Path folder,
            ConfigurationGuard guard,
            ChosenProfile profile,
            FolderHealth health,
            Runnable rarely,
            Duration period) {
        this.folder = new WatchedFolder(folder);
        this.guard = guard;
        this.profile = profile;
        this.health = health;
        this.rarely = rarely;
        this.period = period;
        thread.setDaemon(true);
    }

    /** Hands over what is there, and begins to watch. */
    void start() {
        if (!examine(true, false)) {
            reexamine();
        }
        thread.start();
    }

    /** Has every file examined anew, soon: returns at once. */
    void reexamine() {
        wanted.offer(true);
    }

    /** Ends the thread, and waits for it for five seconds at most. */
    @Override
    public void close() {
        closed = true;
        reexamine();
        try {
            thread.join(JOIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (boolean asked = isWanted(); !closed; asked = isWanted()) {
                boolean all = again || asked;
                health.look(() -> again = !examine(all, all));
            }
        } catch (InterruptedException e) {
            // Nothing interrupts this thread but the end of the process.
        }
    }

    /** Waits for a request or the end of the period; returns whether there is a request. */
    private boolean isWanted() throws InterruptedException {
        return wanted.poll(period.toMillis(), TimeUnit.MILLISECONDS) != null;
    }

    /**
     * One look, of which no failure ends the watch: a bundle that is refreshed at that moment cannot be read.
     *
     * @param atOnce whether a file is examined although it may still be written
     * @param all whether files that have not changed are examined too
     * @return whether everything was examined
     */
    private boolean examine(boolean atOnce, boolean all) {
        try {
            look(atOnce);
            if (all) {
                guard.examineAll();
            }
            if (!failure.isEmpty()) {
                failure = "";
                guard.reportOfFolder(problems());
            }
            return true;
        } catch (IOException e) {
            guard.reportOfFolder(List.of("the folder " + folder.path() + " cannot be read ("
                    + FileFailure.reason(e) + "); " + FileFailure.cure(e, "put a readable folder in its place")
                    + "; until then the last good configuration stays in force"));
            return true;
        } catch (RuntimeException | Error e) {
            String now = "the configuration cannot be examined (" + e
                    + (e instanceof OutOfMemoryError ? "; " + Exhaustion.ADVICE : "")
                    + "); the last good values stay in force, and it is examined again every second";
            if (!failure.equals(now)) {
                failure = now;
                LOG.error("The configuration could not be examined", e);
                guard.reportOfFolder(List.of(failure));
            }
            return false;
        }
    }

    private void look(boolean atOnce) throws IOException {
        Map<Path, String> now = folder.stamps(FILES);
        boolean otherProfile = profile.look(atOnce);
        now.putAll(profile.added(Set.copyOf(now.keySet())));
        guard.reportOfFolder(problems());
        for (Path gone : List.copyOf(handed.keySet())) {
            if (!now.containsKey(gone) && !isReplaced(gone, now.keySet())) {
                guard.gone(gone);
                handed.remove(gone);
            }
        }
        now.forEach((file, stamp) -> {
            if ((atOnce || stamp.equals(known.get(file))) && !stamp.equals(handed.get(file))) {
                guard.examine(file);
                handed.keySet().removeIf(former -> haveOneName(former, file));
                handed.put(file, stamp);
            }
        });
        known = now;
        if (otherProfile) {
            guard.examineAll();
        }
        if (++looks % WAITING == 0) {
            guard.look();
            rarely.run();
        }
    }

    /** Whether another file of its name, of the profile or in place of that of the profile, is about to be handed over. */
    private boolean isReplaced(Path gone, Set<Path> now) {
        return now.stream().anyMatch(file -> haveOneName(file, gone) && !handed.containsKey(file));
    }

    private static boolean haveOneName(Path one, Path other) {
        return String.valueOf(one.getFileName()).equals(String.valueOf(other.getFileName()));
    }

    private List<String> problems() throws IOException {
        List<String> problems = new ArrayList<>();
        if (!failure.isEmpty()) {
            problems.add(failure);
        }
        if (!profile.problem().isEmpty()) {
            problems.add(profile.problem());
        }
        for (Path jar : folder.list(JARS)) {
            problems.add(jar.getFileName()
                    + ": jars are not installed from the configuration folder; move it to the deploy folder");
        }
        return problems;
    }
}
