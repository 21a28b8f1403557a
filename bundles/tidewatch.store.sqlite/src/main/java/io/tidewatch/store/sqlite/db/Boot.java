package io.tidewatch.store.sqlite.db;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The run of the machine that the agent is a part of.
 *
 * @param idFile the kernel's id of the boot; it need not exist
 * @param uptimeFile seconds since the boot, suspended ones included, as /proc/uptime has them (proc(5)); it need not
 *     exist
 */
public record Boot(Path idFile, Path uptimeFile) {
    public static final Boot LINUX = new Boot(Path.of("/proc/sys/kernel/random/boot_id"), Path.of("/proc/uptime"));

    /** The kernel's id; null where it has none. */
    public @Nullable String id() {
        try {
            String id = Files.readString(idFile).strip();
            return id.isEmpty() ? null : id;
        } catch (IOException e) {
            return null;
        }
    }

    /** Milliseconds since the boot, whatever the clock says; nothing where the kernel does not tell. */
    public OptionalLong uptimeMillis() {
        try {
            String seconds = Files.readString(uptimeFile).strip().split(" ", 2)[0];
            return OptionalLong.of(new BigDecimal(seconds).movePointRight(3).longValue());
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
