package io.tidewatch.systemd;

import java.io.IOException;

/** Who is told the state of the service. */
interface ServiceManager {
    /**
     * Tells. Returns at once.
     *
     * @param state assignments of sd_notify(3), one per line
     * @throws IOException if that cannot be told; the message says why
     */
    void tell(String state) throws IOException;
}
