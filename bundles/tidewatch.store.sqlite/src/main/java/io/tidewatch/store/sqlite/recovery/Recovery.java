package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.store.sqlite.db.DatabaseFiles;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a damaged database by a new one with what could be saved, and keeps the damaged one under another name.
 *
 * <p>A medium may fail for a moment. So damage counts when it is still there {@value #CONFIRM_SECONDS} seconds later, and
 * where something cannot be read, all is read once more after as long.
 *
 * <p>In steps that each leave something to go on from, whatever interrupts them: the file is renamed to
 * {@code <name>.damaged}, with its log; what can be read is copied to {@code <name>.salvaged}; that is renamed to the name;
 * the damaged one gets the time as a suffix. Of these one is kept, since each may be as large as the database may be.
 */
public final class Recovery {
    /**
     * The result of a recovery.
     *
     * @param reason what was wrong
     */
    public record Result(Path damagedFile, Salvage.Result salvage, String reason) {}

    /** Seconds after which damage is looked at again. */
    public static final int CONFIRM_SECONDS = 15;

    /** So often within ten minutes the file may be found sound after an error that spoke of damage. */
    private static final int MOST_SOUND = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path file;
    private final Path damaged;
    private final Path salvaged;
    private final Clock clock;
    private final Platform platform;
    private @Nullable Long damagedSince;
    private @Nullable Long salvagedAt;
    private Salvage.Result best = Salvage.Result.NOTHING;
    private @Nullable Long soundAt;
    private int sound;

    public Recovery(Path file, Clock clock, Platform platform) {
        this.platform = platform;
        this.file = file;
        this.damaged = DatabaseFiles.beside(file, ".damaged");
        this.salvaged = DatabaseFiles.beside(file, ".salvaged");
        this.clock = clock;
    }

    /**
     * Recovers the file if it is damaged, or if an earlier recovery was interrupted. No process has it open.
     *
     * @param suspicious whether an error spoke of damage; then all of it is checked, even after a clean end
     * @return the result; null if there was nothing to do
     * @throws IOException if the disk does not let it, or it is too early; the next call goes on from there
     */
    public @Nullable Result runIfNeeded(boolean suspicious) throws IOException, SQLException {
        if (Files.exists(damaged)) {
            return run("an earlier recovery was interrupted");
        }
        String damage = DamageCheck.damageOf(file, suspicious, platform);
        if (damage == null) {
            damagedSince = null;
            if (!suspicious || !DamageCheck.isOurs(file) || !isCalledDamagedOften()) {
                return null;
            }
            damage = "errors spoke of damage " + sound + " times";
        } else {
            long now = platform.nanoTime().getAsLong();
            damagedSince = damagedSince == null ? Long.valueOf(now) : damagedSince;
            requirePassed(damagedSince, "is damaged (" + damage + ")");
        }
        return run(damage);
    }

    private boolean isCalledDamagedOften() {
        long now = platform.nanoTime().getAsLong();
        Long last = soundAt;
        sound = last == null || now - last > Duration.ofMinutes(10).toNanos() ? 1 : sound + 1;
        soundAt = now;
        return sound >= MOST_SOUND;
    }

    private Result run(String reason) throws IOException, SQLException {
        Salvage.Result salvage = Salvage.Result.NOTHING;
        if (Files.notExists(damaged) || Files.notExists(file)) {
            LOG.error("The database {} is damaged ({}); what can be read of it is copied into a new one", file, reason);
            moveDamaged();
            salvage = salvageTwice();
            DatabaseFiles.force(salvaged);
            DatabaseFiles.rename(salvaged, file);
        }
        Path kept = keepOne();
        damagedSince = null;
        salvagedAt = null;
        sound = 0;
        LOG.error(
                "The database {} goes on with the {} samples that could be saved; {} stretches of samples, of {} s at least,"
                        + " could not be read, {} samples have lost their series. The damaged file is kept as {}: remove it when you do not need it. Damage"
                        + " comes from a dying card or disk, or from a power cut that the disk was not honest about",
                file,
                salvage.samples(),
                salvage.stretches(),
                salvage.lostMillis() / 1000,
                salvage.orphans(),
                kept);
        return new Result(kept, salvage, reason);
    }

    /** What could not be read is tried a second time, later; then what could be read is taken. */
    private Salvage.Result salvageTwice() throws IOException, SQLException {
        if (salvagedAt != null) {
            requirePassed(salvagedAt, "could not be read as a whole");
        }
        Salvage.Result result = salvage();
        if (!result.complete() && (salvagedAt == null || result.samples() > best.samples())) {
            salvagedAt = platform.nanoTime().getAsLong();
            best = result;
            DatabaseFiles.delete(salvaged);
            requirePassed(salvagedAt, "could not be read as a whole");
        }
        return result;
    }

    private void requirePassed(long since, String what) throws SQLException {
        if (platform.nanoTime().getAsLong() - since
                < Duration.ofSeconds(CONFIRM_SECONDS).toNanos()) {
            throw Failures.damagedContent("the database " + what + "; it is read once more in " + CONFIRM_SECONDS
                    + " seconds, since a medium may fail for a moment");
        }
    }

    private Salvage.Result salvage() throws IOException, SQLException {
        DatabaseFiles.delete(salvaged);
        try {
            return Salvage.run(damaged, salvaged, clock.millis(), platform);
        } catch (Throwable e) {
            // Frees the room, since it may have failed on a full disk.
            DatabaseFiles.delete(salvaged);
            throw e;
        }
    }

    private void moveDamaged() throws IOException {
        if (Files.notExists(damaged)) {
            Files.move(file, damaged, StandardCopyOption.ATOMIC_MOVE);
        }
        // After the file: a log without its file is found and moved when this is gone on with.
        Path log = DatabaseFiles.beside(file, "-wal");
        if (Files.exists(log)) {
            Files.move(log, DatabaseFiles.beside(damaged, "-wal"), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.deleteIfExists(DatabaseFiles.beside(file, "-shm"));
        DatabaseFiles.syncFolder(file);
    }

    private Path keepOne() throws IOException {
        Path kept = makeRoomToKeep(file, clock.instant());
        Files.deleteIfExists(DatabaseFiles.beside(damaged, "-wal"));
        Files.deleteIfExists(DatabaseFiles.beside(damaged, "-shm"));
        DatabaseFiles.rename(damaged, kept);
        return kept;
    }

    /** Removes the damaged file that was kept so far; returns the name for one that is to be kept from now on. */
    public static Path makeRoomToKeep(Path file, Instant now) throws IOException {
        String prefix = file.getFileName() + ".damaged-";
        try (Stream<Path> files = Files.list(file.toAbsolutePath().resolveSibling("."))) {
            for (Path old : files.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList()) {
                Files.delete(old);
            }
        }
        return file.resolveSibling(prefix + TIME.format(now));
    }
}
