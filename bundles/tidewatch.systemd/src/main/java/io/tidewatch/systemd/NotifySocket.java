package io.tidewatch.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The socket of systemd. Each message opens and closes a socket of its own: there are few, and nothing is left to go
 * stale when systemd is restarted. It is this process that sends, so {@code NotifyAccess=main} accepts it. Safe for use
 * by several threads.
 */
record NotifySocket(NotifyAddress address) implements ServiceManager {
    @Override
    public void tell(String state) throws IOException {
        byte[] data = state.getBytes(StandardCharsets.UTF_8);
        byte[] to = address.toSocketAddress();
        try {
            int socket = CLibrary.socket(CLibrary.AF_UNIX, CLibrary.DATAGRAM, 0);
            try {
                CLibrary.sendto(socket, data, new NativeLong(data.length), CLibrary.AT_ONCE, to, to.length);
            } finally {
                CLibrary.close(socket);
            }
        } catch (LastErrorException e) {
            throw new IOException(
                    "systemd does not take messages at " + address.name() + ", errno " + e.getErrorCode(), e);
        } catch (LinkageError e) {
            throw new IOException(
                    "systemd cannot be notified: no native library of JNA for this machine in jna.boot.library.path",
                    e);
        }
    }
}
