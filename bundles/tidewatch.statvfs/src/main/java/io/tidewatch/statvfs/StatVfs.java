package io.tidewatch.statvfs;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.tidewatch.procfs.FreeInodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Component;

/** Calls the C library. JNA is loaded at the first call, so an unused component costs nothing. */
@Component
public final class StatVfs implements FreeInodes {
    /** More than any machine's {@code struct statvfs64}, which has at most 112 bytes. */
    private static final int RESULT_BYTES = 256;

    private static final String NO_JNA =
            "free inodes cannot be counted: no native library of JNA for this machine in jna.boot.library.path";

    @Override
    public OptionalLong of(Path path) throws IOException {
        try (Memory result = new Memory(RESULT_BYTES)) {
            result.clear();
            CLibrary.statvfs64(path.toString(), result);
            StatVfsLayout layout = new StatVfsLayout(Native.LONG_SIZE);
            return inodes(result.getLong(layout.files()), result.getLong(layout.filesFree()));
        } catch (LastErrorException e) {
            throw new IOException(path + ": statvfs failed with errno " + e.getErrorCode(), e);
        } catch (LinkageError e) {
            throw new IOException(NO_JNA, e);
        }
    }

    /** File systems without a limit say 0 for all, and so do those that do not know. */
    static OptionalLong inodes(long all, long free) {
        return all > 0 && free >= 0 ? OptionalLong.of(free) : OptionalLong.empty();
    }
}
