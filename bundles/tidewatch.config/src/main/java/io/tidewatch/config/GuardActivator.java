package io.tidewatch.config;

import io.tidewatch.api.health.HealthCheck;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Map;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the guard, before FileInstall looks at a folder for the first time, and without Declarative Services, which is
 * configured by what the guard lets through.
 */
public final class GuardActivator implements BundleActivator {
    private static final Logger LOG = LoggerFactory.getLogger(GuardActivator.class);
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(5);
    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";

    private volatile @Nullable SecondLook secondLook;

    /** For the framework. */
    public GuardActivator() {}

    @Override
    public void start(BundleContext context) {
        ServiceReference<ConfigurationAdmin> admin = context.getServiceReference(ConfigurationAdmin.class);
        ConfigurationAdmin service = admin == null ? null : context.getService(admin);
        if (service == null) {
            throw new IllegalStateException("ConfigurationAdmin has to run first, at a lower start level");
        }
        Path config = Path.of(String.valueOf(context.getProperty("tidewatch.config")));
        BundleCatalogue catalogue = new BundleCatalogue(context);
        ConfigurationGuard guard = new ConfigurationGuard(
                new Configurations(service),
                catalogue::get,
                pid -> isManaged(context, pid),
                placeholders(config, System.getenv(), context),
                System::nanoTime,
                this::needSecondLook);
        secondLook = new SecondLook(LOOK_PERIOD, guard::look);
        catalogue.whenChanged(guard::examineAll);

        context.registerService(HealthCheck.class, guard, properties(HealthCheck.NAME, "config"));
        // Asked before FileInstall's own installer of configurations, which has no ranking.
        context.registerService(ArtifactInstaller.class, guard, properties(Constants.SERVICE_RANKING, 100));
        adopt(context, config, guard);
    }

    @Override
    public void stop(BundleContext context) {
        SecondLook ending = secondLook;
        if (ending != null) {
            ending.close();
        }
    }

    private void needSecondLook() {
        SecondLook look = secondLook;
        if (look != null) {
            look.need();
        }
    }

    /** FileInstall tells of every file when it starts; if it has, this bundle was updated meanwhile. */
    private static void adopt(BundleContext context, Path config, ConfigurationGuard guard) {
        for (Bundle bundle : context.getBundles()) {
            if (FILE_INSTALL.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(config, "*" + PidOfFile.ENDING)) {
                    files.forEach(path -> guard.install(new File(path.toString())));
                } catch (IOException e) {
                    LOG.error("The folder {} cannot be read; let the user that the agent runs as read it", config, e);
                }
            }
        }
    }

    private static Placeholders placeholders(Path config, Map<String, String> environment, BundleContext context) {
        String credentials = environment.get("CREDENTIALS_DIRECTORY");
        return new Placeholders(
                environment,
                context::getProperty,
                new SecretFolders(config.resolve("secrets"), credentials == null ? null : Path.of(credentials)));
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
