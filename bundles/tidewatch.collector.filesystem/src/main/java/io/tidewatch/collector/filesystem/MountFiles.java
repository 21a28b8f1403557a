package io.tidewatch.collector.filesystem;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mount tables of the kernel. The first process sees the machine as it is; the agent's own view may show
 * everything read-only (systemd's ProtectSystem) and other file systems in the place of some (ProtectHome).
 */
final class MountFiles {
    private static final int OWN = 2;

    /** Where the unit of systemd puts the first of them, which its ProtectProc hides. */
    private static final String UNHIDDEN = "/run/tidewatch-mounts";

    /** In order of preference. The first can be missing (hidepid), the last exists wherever there is a procfs. */
    private final List<ProcFile> files;

    MountFiles(ProcFs procFs) {
        files = List.of(
                procFs.procFile("1/mounts"),
                procFs.procFile(procFs.mounted(UNHIDDEN).toAbsolutePath().toString()),
                procFs.procFile("self/mounts"),
                procFs.procFile("mounts"));
    }

    /** Null if the kernel does not tell; throws if there are tables and none can be read. */
    @Nullable
    Map<String, Mount> ofMachine(Diagnostics diagnostics) throws IOException {
        IOException unreadable = null;
        for (ProcFile file : files) {
            try {
                return MountTable.parse(file.read(), diagnostics);
            } catch (NoSuchFileException e) {
                // The next one, then.
            } catch (IOException e) {
                unreadable = unreadable == null ? e : unreadable;
            }
        }
        if (unreadable != null) {
            throw unreadable;
        }
        return null;
    }

    /** What is mounted as the agent sees it; null if that cannot be read. */
    @Nullable
    Map<String, Mount> ofAgent() {
        try {
            // The same lines again, most of them: what is damaged is known.
            return MountTable.parse(files.get(OWN).read(), new Diagnostics());
        } catch (IOException e) {
            return null;
        }
    }
}
