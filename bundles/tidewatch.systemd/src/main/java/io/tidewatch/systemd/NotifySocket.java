package io.tidewatch.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The socket of systemd. Each message opens and closes a socket of its own: there are few, and nothing is left to go
 * stale when systemd is restarted. It is this process that sends, so {@code NotifyAccess=main} accepts it. Safe for use
 * by several threads.
 *
 * @param address where systemd listens: the value of {@code NOTIFY_SOCKET} (sd_notify(3)), a path or an abstract name with an
 *     {@code @} for its first byte
 */
record NotifySocket(String address) implements Notifications.ServiceManager {
    /** {@code sun_path} of unix(7), with a zero byte behind a path. */
    private static final int LONGEST_NAME = 107;

    /** @throws IllegalArgumentException if that is no address of the two kinds; the message says what is accepted */
    NotifySocket {
        boolean known = address.length() > 1 && (address.charAt(0) == '/' || address.charAt(0) == '@');
        if (!known || address.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "NOTIFY_SOCKET is '" + address + "'; accepted: an absolute path, or @ and the"
                            + " name of an abstract socket, of at most " + LONGEST_NAME + " bytes");
        }
    }

    @Override
    public void tell(String state) throws IOException {
        byte[] data = state.getBytes(StandardCharsets.UTF_8);
        byte[] to = toSocketAddress();
        try {
            int socket = CLibrary.socket(CLibrary.AF_UNIX, CLibrary.DATAGRAM, 0);
            try {
                CLibrary.sendto(socket, data, new NativeLong(data.length), CLibrary.AT_ONCE, to, to.length);
            } finally {
                CLibrary.close(socket);
            }
        } catch (LastErrorException e) {
            throw new IOException("systemd does not take messages at " + address + ", errno " + e.getErrorCode(), e);
        } catch (LinkageError e) {
            throw new IOException(
                    "systemd cannot be notified: no native library of JNA for this machine in jna.boot.library.path",
                    e);
        }
    }

    /**
     * The address as {@code struct sockaddr_un} of unix(7). The length of an abstract name follows from that of the
     * address, so there is nothing behind it; a path ends in a zero byte.
     */
    byte[] toSocketAddress() {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        boolean named = path[0] == '@';
        if (named) {
            path[0] = 0;
        }
        return ByteBuffer.allocate(Short.BYTES + path.length + (named ? 0 : 1))
                .order(ByteOrder.nativeOrder())
                .putShort((short) CLibrary.AF_UNIX)
                .put(path)
                .array();
    }
}
