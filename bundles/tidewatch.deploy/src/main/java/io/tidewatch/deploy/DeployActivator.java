package io.tidewatch.deploy;

import io.tidewatch.api.health.HealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * Installs the jars of the deploy folder and goes on watching it: when this bundle has started, every jar has been looked at.
 * Works without Declarative Services, so that it goes on while that is replaced.
 */
public final class DeployActivator implements BundleActivator {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private @Nullable DeployThread thread;

    @Override
    public void start(BundleContext context) {
        DeployFolder folder = new DeployFolder(
                Path.of(String.valueOf(context.getProperty("tidewatch.deploy"))), new Installation(context));
        context.registerService(
                HealthCheck.class, folder, FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, "deploy")));
        DeployThread looking = new DeployThread(folder::look, PERIOD);
        thread = looking;
        folder.lookFirst();
        looking.start();
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        DeployThread ending = thread;
        if (ending != null) {
            ending.close();
        }
    }
}
