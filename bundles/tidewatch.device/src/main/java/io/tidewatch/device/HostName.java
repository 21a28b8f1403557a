package io.tidewatch.device;

import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine's host name, as the kernel knows it (proc_sys_kernel(5), {@code hostname}). Never asks DNS: a device without a
 * network has a name too.
 *
 * @param name the name; {@value #UNKNOWN} if there is none
 */
record HostName(String name) {
    /** The name of every machine that does not know its own. */
    static final String UNKNOWN = "unknown";

    private static final String KERNEL_FILE = "sys/kernel/hostname";
    private static final String VARIABLE = "HOSTNAME";

    /** What the kernel says before a name is set. */
    private static final String UNSET = "(none)";

    /** From procfs, else from the environment, else {@value #UNKNOWN}. */
    static HostName read(ProcFs procFs, Map<String, String> environment) {
        for (String candidate : new String[] {fromKernel(procFs), environment.get(VARIABLE)}) {
            if (candidate != null) {
                String name = candidate.strip();
                if (DeviceSettings.isValue(name) && !name.equals(UNSET)) {
                    return new HostName(name);
                }
            }
        }
        return new HostName(UNKNOWN);
    }

    boolean isKnown() {
        return !name.equals(UNKNOWN);
    }

    private static @Nullable String fromKernel(ProcFs procFs) {
        try {
            // ISO 8859-1 reads any bytes: the kernel checks none.
            return Files.readString(procFs.proc(KERNEL_FILE), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Absent in some containers, and then the environment knows.
            return null;
        }
    }
}
