package io.tidewatch.systemd;

import java.io.IOException;

/** Receives the status of the service. */
interface ServiceManager {
    /**
     * Sends a notification. Returns at once.
     *
     * @param state assignments of sd_notify(3), one per line
     * @throws IOException if it cannot be sent; the message has the reason
     */
    void tell(String state) throws IOException;
}
