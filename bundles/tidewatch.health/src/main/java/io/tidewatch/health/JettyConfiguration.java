package io.tidewatch.health;

import java.io.IOException;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The configuration of Felix's Jetty, PID {@code org.apache.felix.http}. Keys that are not ours stay as they are, so that
 * an operator may add some.
 *
 * <p>The values are sized for a few readers on a small machine. Source of the keys: class JettyConfig of
 * org.apache.felix.http.jetty12.
 */
record JettyConfiguration(ConfigurationAdmin configurations) {
    static final String PID = "org.apache.felix.http";
    static final String HOST = "org.apache.felix.http.host";
    static final String PORT = "org.osgi.service.http.port";

    private static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("org.apache.felix.http.enable", "true"),
            Map.entry("org.apache.felix.https.enable", "false"),
            Map.entry("org.apache.felix.http.mbeans", "false"),
            Map.entry("org.apache.felix.http.jetty.sendServerHeader", "false"),
            // A selector that also accepts would close the port when it shall pause: see ConnectionLimit. Jetty wants
            // these two, a producer and a worker.
            Map.entry("org.apache.felix.http.jetty.acceptors", "1"),
            Map.entry("org.apache.felix.http.jetty.selectors", "1"),
            Map.entry("org.apache.felix.http.jetty.threadpool.max", "5"),
            Map.entry("org.apache.felix.http.jetty.acceptQueueSize", "16"),
            Map.entry("org.apache.felix.http.jetty.headerBufferSize", "4096"),
            Map.entry("org.apache.felix.http.jetty.requestBufferSize", "4096"),
            Map.entry("org.apache.felix.http.jetty.responseBufferSize", "8192"),
            Map.entry("org.apache.felix.http.jetty.maxFormSize", "0"),
            // A connection that says nothing for so long (milliseconds) is closed.
            Map.entry("org.apache.felix.http.timeout", "10000"),
            Map.entry("org.apache.felix.jetty.stopTimeout", "2000"),
            // There are no sessions to look after.
            Map.entry("org.eclipse.jetty.servlet.SessionScavengingInterval", "0"));

    /** Counts the requested starts that failed: Jetty starts again only when a value changes. */
    private static final String ATTEMPT = "tidewatch.attempt";

    boolean isSetTo(ListenAddress address) throws IOException {
        Dictionary<String, Object> current = configuration().getProperties();
        return current != null
                && wanted(address).entrySet().stream()
                        .allMatch(entry -> entry.getValue().equals(current.get(entry.getKey())));
    }

    /** Sets the address of Jetty, which starts or restarts later, in a thread of ConfigurationAdmin. */
    void set(ListenAddress address, int attempt) throws IOException {
        Configuration configuration = configuration();
        Dictionary<String, Object> current = configuration.getProperties();
        Map<String, Object> properties = new HashMap<>(current == null ? Map.of() : FrameworkUtil.asMap(current));
        properties.putAll(wanted(address));
        properties.put(ATTEMPT, attempt);
        configuration.update(FrameworkUtil.asDictionary(properties));
    }

    private Configuration configuration() throws IOException {
        // The location "?" lets the bundle of Jetty have it, wherever it was installed from.
        return configurations.getConfiguration(PID, "?");
    }

    private static Map<String, String> wanted(ListenAddress address) {
        Map<String, String> wanted = new HashMap<>(FIXED);
        wanted.put(HOST, address.host());
        wanted.put(PORT, Integer.toString(address.port()));
        return wanted;
    }
}
