package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.db.Connections;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/** System calls that fail, by {@code src/test/c/faultdisk.c}, which is preloaded into this process. */
class SystemCallFaults implements Faults {
    private static final String CONTROL = "/faultdisk/";

    private final LongSupplier nanoTime;
    private final long nanos;
    private boolean hit;
    private boolean disarmed;
    private long failUntil;

    /** @param nanos for how long calls fail; 0: only one does */
    SystemCallFaults(LongSupplier nanoTime, long nanos) {
        this.nanoTime = nanoTime;
        this.nanos = nanos;
    }

    /**
     * Makes a call fail.
     *
     * @param call pwrite, ftruncate, sync or open
     * @param file its name
     * @param index counted from 0
     */
    void arm(String call, String file, long index, int errno) {
        tell("arm:" + call + ":" + file + ":" + index + ":" + errno + ":" + (nanos > 0 ? 1 : 0));
    }

    /** Whether a call has failed. */
    boolean hit() {
        return hit;
    }

    /** Has the calls so far written to the file that FAULTDISK_COUNTS names. */
    static void count() {
        tell("count");
    }

    @Override
    public Connection connect(Path file, boolean readOnly) throws SQLException {
        return Connections.open(file, readOnly);
    }

    @Override
    public void begin() {
        // Nothing is armed.
    }

    @Override
    public void pause(boolean paused) {
        tell(paused ? "pause" : "resume");
    }

    @Override
    public void step() {
        if (!hit && tell("hit")) {
            hit = true;
            failUntil = nanoTime.getAsLong() + nanos;
        }
        if (hit && !disarmed && nanoTime.getAsLong() - failUntil >= 0) {
            disarm();
        }
    }

    @Override
    public boolean isFailing() {
        return hit && !disarmed;
    }

    @Override
    public void over() {
        if (!isFailing()) {
            disarm();
        }
    }

    /** Nothing fails any more. */
    void disarm() {
        disarmed = true;
        tell("disarm");
    }

    /** Returns whether the answer is yes. */
    private static boolean tell(String command) {
        try {
            throw new IllegalStateException(
                    "faultdisk is not preloaded: " + Files.readString(Path.of(CONTROL + command)));
        } catch (AccessDeniedException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
