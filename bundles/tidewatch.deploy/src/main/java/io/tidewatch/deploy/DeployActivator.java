package io.tidewatch.deploy;

import io.tidewatch.api.config.FolderHealth;
import io.tidewatch.api.health.HealthCheck;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the jars of the deploy folder and goes on watching it: when this bundle has started, every jar has been looked at.
 * Works without Declarative Services, so that it goes on while that is replaced.
 */
public final class DeployActivator implements BundleActivator {
    private static final Logger LOG = LoggerFactory.getLogger(DeployActivator.class);
    private static final long PERIOD_SECONDS = 1;
    private static final long STOP_SECONDS = 5;

    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tidewatch-deploy");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void start(BundleContext context) {
        Path path = Path.of(String.valueOf(context.getProperty("tidewatch.deploy")));
        DeployFolder folder = new DeployFolder(path, new Installation(context, Thread::start));
        FolderHealth health = new FolderHealth(path, folder, System::nanoTime);
        context.registerService(
                HealthCheck.class, health, FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, "deploy")));
        folder.look(true);
        Future<?> unused = looking.scheduleWithFixedDelay(
                () -> health.look(() -> look(folder)), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** Whatever a look throws, there is another one. */
    private static void look(DeployFolder folder) {
        try {
            folder.look(false);
        } catch (RuntimeException | Error e) {
            LOG.error("The deploy folder could not be examined; it is examined again", e);
        }
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        looking.shutdown();
        // One that goes on is on a daemon, and there is no look after it.
        boolean unused = looking.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
