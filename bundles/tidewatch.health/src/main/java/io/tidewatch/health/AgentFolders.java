package io.tidewatch.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;

/** The folders that the agent works with, which the launcher has put into the properties of the framework. */
final class AgentFolders {
    private AgentFolders() {}

    /** Returns them by name: {@code config}, {@code state} and {@code deploy}; those that are not known are left out. */
    static Map<String, String> of(BundleContext context) {
        Map<String, String> folders = new LinkedHashMap<>();
        for (String name : List.of("config", "state", "deploy")) {
            String folder = context.getProperty("tidewatch." + name);
            if (folder != null) {
                folders.put(name, folder);
            }
        }
        return folders;
    }
}
