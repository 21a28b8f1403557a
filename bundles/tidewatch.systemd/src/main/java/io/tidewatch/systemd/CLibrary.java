package io.tidewatch.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.util.Map;

/**
 * The functions of the C library that send a datagram to a Unix socket, which plain Java cannot. Loading this class loads
 * JNA and its native half, and throws a {@link LinkageError} where that is missing.
 */
final class CLibrary {
    static final int AF_UNIX = 1;

    /** {@code SOCK_DGRAM | SOCK_CLOEXEC} of socket(2): helper programs do not inherit it. */
    static final int DATAGRAM = 2 | 0x80000;

    /** {@code MSG_DONTWAIT | MSG_NOSIGNAL} of send(2). */
    static final int AT_ONCE = 0x40 | 0x4000;

    static {
        // What is linked into this process already: no file is searched for.
        NativeLibrary process = NativeLibrary.getInstance(null, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
        Native.register(CLibrary.class, process);
    }

    private CLibrary() {}

    /** socket(2); returns a file descriptor. */
    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    /** sendto(2); returns how many bytes were sent. */
    static native NativeLong sendto(
            int socket, byte[] data, NativeLong length, int flags, byte[] address, int addressLength)
            throws LastErrorException;

    static native int close(int socket) throws LastErrorException;
}
