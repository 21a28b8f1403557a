package io.tidewatch.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Map;

/**
 * Kills whole process groups, which plain Java cannot. Loading this class loads JNA and its native half, and throws a
 * {@link LinkageError} where that is missing.
 */
final class ProcessGroup {
    private static final int SIGKILL = 9;

    static {
        // What is linked into this process already: no file is searched for.
        NativeLibrary process = NativeLibrary.getInstance(null, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
        Native.register(ProcessGroup.class, process);
    }

    private ProcessGroup() {}

    /** kill(2); returns 0, or -1 on an error. */
    private static native int kill(int process, int signal);

    /** Loads this class. */
    static void load() {}

    /**
     * Kills the process, the group that it leads, and those of its descendants that have left the group while their parents
     * live. The processes may take a moment to die. Does nothing for those that are gone.
     */
    static void kill(Process leader) {
        ProcessHandle handle = leader.toHandle();
        List<ProcessHandle> descendants = List.of();
        try {
            descendants = handle.isAlive() ? handle.descendants().toList() : List.of();
        } finally {
            // Also where /proc cannot be read. One call for the whole group, so that none of it can fork in between.
            kill(Math.toIntExact(-leader.pid()), SIGKILL);
            // It may not have made its group yet.
            handle.destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
