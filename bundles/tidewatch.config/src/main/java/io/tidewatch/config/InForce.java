package io.tidewatch.config;

import java.io.IOException;
import java.util.Map;

/** The configurations in force. */
interface InForce {
    boolean exists(PidOfFile pid) throws IOException;

    /**
     * Puts values into force; does nothing if they are.
     *
     * @param file where they come from, as a URL
     */
    void put(PidOfFile pid, Map<String, String> values, String file) throws IOException;

    void delete(PidOfFile pid) throws IOException;
}
