package io.tidewatch.config;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What is in force: the configurations of the framework. */
record Configurations(ConfigurationAdmin admin) implements InForce {
    /** Where readers find the file of a configuration, a URL; named as others of OSGi name it. */
    static final String FILE = "felix.fileinstall.filename";

    /** Any bundle may have it. */
    private static final String ANYWHERE = "?";

    @Override
    public boolean exists(PidOfFile pid) throws IOException {
        return of(pid).getProperties() != null;
    }

    @Override
    public void put(PidOfFile pid, Map<String, String> values, String file) throws IOException {
        Map<String, Object> properties = new HashMap<>(values);
        properties.put(FILE, file);
        of(pid).updateIfDifferent(FrameworkUtil.asDictionary(properties));
    }

    @Override
    public void delete(PidOfFile pid) throws IOException {
        of(pid).delete();
    }

    private Configuration of(PidOfFile pid) throws IOException {
        @Nullable String instance = pid.instance();
        return instance == null
                ? admin.getConfiguration(pid.pid(), ANYWHERE)
                : admin.getFactoryConfiguration(pid.pid(), instance, ANYWHERE);
    }
}
