package io.tidewatch.statvfs;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;

/**
 * The one function of the C library that is called. Loading this class loads JNA and its native half, and throws a
 * {@link LinkageError} where that is missing.
 */
final class CLibrary {
    static {
        // What is linked into this process already: no file is searched for.
        NativeLibrary process = NativeLibrary.getInstance(null, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
        Native.register(CLibrary.class, process);
    }

    private CLibrary() {}

    /**
     * The variant of statvfs(3) with wide counters, which glibc has on every machine; on 64-bit ones it is the same.
     *
     * @param path any file on the file system
     * @param result gets a {@code struct statvfs64}
     * @return 0
     * @throws LastErrorException with the errno
     */
    static native int statvfs64(String path, Pointer result) throws LastErrorException;
}
