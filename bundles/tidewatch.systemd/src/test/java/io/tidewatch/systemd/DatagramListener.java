package io.tidewatch.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Stands for systemd: a Unix datagram socket that was bound before the agent writes. */
final class DatagramListener implements AutoCloseable {
    private static final int NOTHING_THERE = 11;

    private final int socket;

    DatagramListener(NotifySocket address) {
        socket = CLibrary.socket(CLibrary.AF_UNIX, CLibrary.DATAGRAM, 0);
        byte[] where = address.toSocketAddress();
        Calls.bind(socket, where, where.length);
    }

    /** The oldest message that was not read; null if there is none. */
    String read() {
        byte[] buffer = new byte[4096];
        try {
            int length = Calls.recv(socket, buffer, new NativeLong(buffer.length), 0x40)
                    .intValue();
            return new String(Arrays.copyOf(buffer, length), StandardCharsets.UTF_8);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == NOTHING_THERE) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        CLibrary.close(socket);
    }

    private static final class Calls {
        static {
            Native.register(Calls.class, "c");
        }

        private Calls() {}

        static native int bind(int socket, byte[] address, int length) throws LastErrorException;

        static native NativeLong recv(int socket, byte[] buffer, NativeLong length, int flags)
                throws LastErrorException;
    }
}
