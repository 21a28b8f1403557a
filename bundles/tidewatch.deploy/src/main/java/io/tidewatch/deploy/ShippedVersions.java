package io.tidewatch.deploy;

import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/** Keeps the versions of the installation where an updated bundle of ours finds them: in a system property. */
final class ShippedVersions {
    private ShippedVersions() {}

    /** The built-ins, with the versions that they had when this process began. */
    static BuiltIns remember(String property, BundleContext context) {
        Map<Long, Version> shipped = new HashMap<>();
        for (String entry : System.getProperty(property, "").split(" ", -1)) {
            int colon = entry.indexOf(':');
            if (colon > 0) {
                shipped.put(Long.valueOf(entry.substring(0, colon)), Version.parseVersion(entry.substring(colon + 1)));
            }
        }
        BuiltIns builtIns = new BuiltIns(context, shipped);
        StringBuilder text = new StringBuilder();
        builtIns.shipped()
                .forEach((id, version) ->
                        text.append(id).append(':').append(version).append(' '));
        System.setProperty(property, text.toString().strip());
        return builtIns;
    }
}
