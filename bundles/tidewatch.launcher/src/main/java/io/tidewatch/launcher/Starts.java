package io.tidewatch.launcher;

import io.tidewatch.api.config.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.logging.Logger;

/**
 * Keeps the {@link StartRecord}, in the file {@code starts} of the state folder: written at the start, when a stop
 * is requested, and when a jar has proved itself. It is not forced to the disk, since a process that ends leaves it to
 * the kernel, and what a power cut ends does not count. No trouble with it keeps the agent from running.
 *
 * <p>Safe for use by several threads.
 */
final class Starts {
    private static final Logger LOG = Logger.getLogger("io.tidewatch.launcher");

    /** Another one at each boot; proc(5), /proc/sys/kernel/random. Systems without it know no boots. */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final Path deploy;
    private StartRecord record;
    private Set<DeployedJar> seen;

    private Starts(Path file, Path deploy, StartRecord record) {
        this.file = file;
        this.deploy = deploy;
        this.record = record;
        this.seen = record.jars();
    }

    /** Notes a start, by the process that holds the lock of the state folder. */
    static Starts begin(Places places) {
        // HotSpot takes CLOCK_MONOTONIC, which is the same for all processes of a boot.
        return begin(places, bootId(), System.nanoTime());
    }

    static Starts begin(Places places, String boot, long now) {
        Path file = places.state().resolve("starts");
        StartRecord before = read(file);
        Starts starts =
                new Starts(file, places.deploy(), before.begun(boot, now, jarsOf(places.deploy(), before.jars())));
        starts.write();
        return starts;
    }

    QuarantinedJars quarantinedJars() {
        return new QuarantinedJars(deploy, record.jars(), record.held());
    }

    /** Another {@link StartRecord#WITHIN} have passed, and the agent runs. */
    synchronized void stayed(QuarantinedJars quarantinedJars) {
        Set<DeployedJar> now = jarsOf(deploy, seen);
        Set<DeployedJar> stayed = new HashSet<>(now);
        stayed.retainAll(seen);
        stayed.removeIf(jar -> quarantinedJars.holds(jar.name()));
        seen = now;
        if (!record.proven().containsAll(stayed)) {
            record = record.stayed(stayed);
            write();
        }
    }

    synchronized void stopped() {
        record = record.stopped();
        write();
    }

    private void write() {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, record.toText(), StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warning(() -> "The record of starts " + file + " cannot be written (" + FileFailure.reason(e)
                    + "); a jar that brings the agent down again and again may not be quarantined");
        }
    }

    private static StartRecord read(Path file) {
        try {
            return StartRecord.parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return StartRecord.NONE;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warning(() -> "The record of starts " + file + " cannot be read (" + FileFailure.reason(e)
                    + "); a new one is begun");
            return StartRecord.NONE;
        }
    }

    private static Set<DeployedJar> jarsOf(Path folder, Set<DeployedJar> otherwise) {
        try {
            return DeployedJar.in(folder);
        } catch (IOException e) {
            LOG.warning(() -> "The deploy folder " + folder + " cannot be read (" + FileFailure.reason(e)
                    + "); grant it to this user");
            return otherwise;
        }
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
