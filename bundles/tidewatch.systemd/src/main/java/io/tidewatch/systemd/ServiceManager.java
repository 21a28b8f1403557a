package io.tidewatch.systemd;

import java.io.IOException;

/** Receives the status of the service. */
interface ServiceManager {
    /** Sends assignments of sd_notify(3), one per line. Returns at once; the message of an exception has the reason. */
    void tell(String state) throws IOException;
}
