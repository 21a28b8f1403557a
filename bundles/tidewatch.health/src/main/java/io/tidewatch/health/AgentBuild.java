package io.tidewatch.health;

import java.util.Dictionary;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/**
 * @param version as Maven writes it, such as {@code 0.1.0-SNAPSHOT}
 * @param commit id of the commit; "unknown" if the manifest has none
 */
record AgentBuild(String version, String commit) {
    static AgentBuild of(BundleContext context) {
        Dictionary<String, String> headers = context.getBundle().getHeaders("");
        String commit = headers.get("Tidewatch-Commit");
        return new AgentBuild(spelled(context.getBundle().getVersion()), commit == null ? "unknown" : commit);
    }

    /** OSGi parts the qualifier by a dot. */
    static String spelled(Version version) {
        String numbers = version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
        return version.getQualifier().isEmpty() ? numbers : numbers + "-" + version.getQualifier();
    }
}
