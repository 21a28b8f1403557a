package io.tidewatch.systemd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Where systemd listens: the value of {@code NOTIFY_SOCKET} (sd_notify(3)), a path or an abstract name with an {@code
 * @} for its first byte.
 */
record NotifyAddress(String name) {

    /** {@code sun_path} of unix(7), with a zero byte behind a path. */
    private static final int LONGEST_NAME = 107;

    /** @throws IllegalArgumentException if that is no address of the two kinds; the message says what is accepted */
    NotifyAddress {
        boolean known = name.length() > 1 && (name.charAt(0) == '/' || name.charAt(0) == '@');
        if (!known || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "NOTIFY_SOCKET is '" + name + "'; accepted: an absolute path, or @ and the"
                            + " name of an abstract socket, of at most " + LONGEST_NAME + " bytes");
        }
    }

    /**
     * The address as {@code struct sockaddr_un} of unix(7). The length of an abstract name follows from that of the
     * address, so there is nothing behind it; a path ends in a zero byte.
     */
    byte[] toSocketAddress() {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
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
