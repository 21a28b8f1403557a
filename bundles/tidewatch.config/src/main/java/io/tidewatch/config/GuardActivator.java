package io.tidewatch.config;

import io.tidewatch.api.config.FolderHealth;
import io.tidewatch.api.health.HealthCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;

/**
 * Reads the .cfg files and goes on watching them, without Declarative Services, which is configured by what the guard lets
 * through: when this bundle has started, every file has been read. A {@link Runnable} with the property {@value #REREAD} has
 * all of them examined anew.
 */
public final class GuardActivator implements BundleActivator {
    static final String REREAD = "tidewatch.config.reread";

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private volatile @Nullable FolderWatch watch;

    @Override
    public void start(BundleContext context) {
        ServiceReference<ConfigurationAdmin> admin = context.getServiceReference(ConfigurationAdmin.class);
        ConfigurationAdmin service = admin == null ? null : context.getService(admin);
        if (service == null) {
            throw new IllegalStateException("ConfigurationAdmin has to run first, at a lower start level");
        }
        Path config = Path.of(String.valueOf(context.getProperty("tidewatch.config")));
        Path state = Path.of(String.valueOf(context.getProperty("tidewatch.state")));
        BundleCatalogue catalogue = new BundleCatalogue(context);
        LastGoodFiles lastGood = new LastGoodFiles(state.resolve("config"));
        ChosenProfile profile = new ChosenProfile(config, context.getProperty("tidewatch.home"), lastGood);
        ConfigurationGuard guard = new ConfigurationGuard(
                new Configurations(service),
                catalogue::get,
                pid -> isManaged(context, pid),
                WrittenFile.placeholders(config, context::getProperty),
                lastGood,
                profile,
                System::nanoTime);
        ProfileHealth ofProfile = new ProfileHealth(
                profile,
                () -> EncoderSoftware.here().find(),
                check -> context.registerService(HealthCheck.class, check, properties(HealthCheck.NAME, "profile"))
                        ::unregister,
                System::nanoTime);
        FolderHealth ofFolder = new FolderHealth(config, guard, System::nanoTime);
        FolderWatch watching = new FolderWatch(config, guard, profile, ofFolder, ofProfile::look, PERIOD);
        watch = watching;
        catalogue.whenChanged(watching::reexamine);
        context.registerService(HealthCheck.class, ofFolder, properties(HealthCheck.NAME, "config"));
        context.registerService(Runnable.class, watching::reexamine, properties(REREAD, true));
        watching.start();
    }

    @Override
    public void stop(BundleContext context) {
        FolderWatch ending = watch;
        if (ending != null) {
            ending.close();
        }
    }

    /** What is in force: the configurations of the framework. */
    private record Configurations(ConfigurationAdmin admin) implements InForce {
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

    private static boolean isManaged(BundleContext context, String pid) {
        try {
            String filter = "(" + Constants.SERVICE_PID + "=" + pid.replaceAll("[\\\\*()]", "\\\\$0") + ")";
            return !context.getServiceReferences(ManagedService.class, filter).isEmpty()
                    || !context.getServiceReferences(ManagedServiceFactory.class, filter)
                            .isEmpty();
        } catch (InvalidSyntaxException e) {
            return false;
        }
    }

    private static Dictionary<String, Object> properties(String key, Object value) {
        return FrameworkUtil.asDictionary(Map.of(key, value));
    }
}
