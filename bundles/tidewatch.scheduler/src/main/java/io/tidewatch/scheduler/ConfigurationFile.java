package io.tidewatch.scheduler;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which file an operator edits to configure a collector. */
final class ConfigurationFile {
    /** Which file a configuration came from, as a URL. */
    private static final String FILE = "felix.fileinstall.filename";

    private static final String SERVICE_PID = "service.pid";
    private static final String FACTORY_PID = "service.factoryPid";

    private ConfigurationFile() {}

    /** The file's name: where the configuration came from, else where one would be found. */
    static String of(String collector, Map<String, Object> properties) {
        String installed = firstOf(properties.get(FILE));
        if (installed != null) {
            return installed.substring(installed.lastIndexOf('/') + 1);
        }
        String pid = firstOf(properties.get(SERVICE_PID));
        return (pid == null ? "tidewatch.collector." + collector : pid) + ".cfg";
    }

    /** The name of the instance that a file {@code <pid>-<instance>.cfg} makes; empty if there is one only. */
    static String instance(Map<String, Object> properties) {
        String pid = firstOf(properties.get(SERVICE_PID));
        String factory = firstOf(properties.get(FACTORY_PID));
        return pid != null && factory != null && pid.startsWith(factory + "~")
                ? pid.substring(factory.length() + 1)
                : "";
    }

    private static @Nullable String firstOf(@Nullable Object value) {
        if (value instanceof Collection<?> values) {
            return values.isEmpty() ? null : firstOf(values.iterator().next());
        }
        if (value instanceof String[] values) {
            return values.length == 0 ? null : values[0];
        }
        return value instanceof String text ? text : null;
    }
}
