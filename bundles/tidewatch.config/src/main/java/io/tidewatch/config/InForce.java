package io.tidewatch.config;

import java.io.IOException;
import java.util.Map;

/** The configurations in force. */
interface InForce {
    boolean exists(PidOfFile pid) throws IOException;

    /** Puts values into force that come from a file, as a URL; does nothing if they are. */
    void put(PidOfFile pid, Map<String, String> values, String file) throws IOException;

    void delete(PidOfFile pid) throws IOException;
}
