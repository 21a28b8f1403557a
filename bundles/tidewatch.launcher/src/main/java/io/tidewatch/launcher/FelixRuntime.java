package io.tidewatch.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * The OSGi framework with the {@linkplain InstalledBundles bundles of an installation}, started level by level and
 * stopped in the opposite order. Bundles from the deploy folder come one level above.
 *
 * <p>Bundles are used where they lie ({@code reference:} URLs) and the cache is emptied at each start, so an upgraded
 * jar is picked up and nothing is copied.
 */
final class FelixRuntime {
    /** Property of the service of tidewatch.config that reads all files again. */
    private static final String REREAD = "tidewatch.config.reread";

    private final Places places;
    private final SortedMap<Integer, List<Path>> levels;
    private final QuarantinedJars quarantinedJars;
    private final Framework framework;
    private volatile boolean stopping;
    private @Nullable VitalParts vitalParts;

    /**
     * @param quarantinedJars jars of the deploy folder that shall not run
     * @throws LaunchException with {@link ExitCode#BAD_START_CONFIGURATION} if the installation has no bundles, or none
     *     of the collectors that are wanted
     */
    FelixRuntime(Places places, CollectorSet collectors, String version, QuarantinedJars quarantinedJars)
            throws LaunchException {
        this.places = places;
        this.quarantinedJars = quarantinedJars;
        this.levels = InstalledBundles.byLevel(places.home().resolve("bundles"), collectors);
        this.framework = new FrameworkFactory().newFramework(properties(places, version, levels.lastKey() + 1));
    }

    /**
     * Starts the framework and every bundle of the installation. The .cfg files have been read before a bundle of
     * tidewatch starts.
     *
     * @throws LaunchException with {@link ExitCode#FAILURE} if one of them does not start
     */
    void start() throws LaunchException {
        Map<Bundle, Throwable> errors = new ConcurrentHashMap<>();
        try {
            framework.init();
            BundleContext context = framework.getBundleContext();
            context.addFrameworkListener(event -> {
                if (event.getType() == FrameworkEvent.ERROR && event.getThrowable() != null) {
                    errors.putIfAbsent(event.getBundle(), event.getThrowable());
                }
            });
            List<Bundle> builtIns = install(context);
            vitalParts = new VitalParts(context, builtIns);
            context.registerService(ResolverHookFactory.class, new BuiltInWiring(builtIns), null);
            context.registerService(ResolverHookFactory.class, quarantinedJars, null);
            context.registerService(
                    Supplier.class,
                    quarantinedJars,
                    FrameworkUtil.asDictionary(Map.of(QuarantinedJars.PROPERTY, Boolean.TRUE)));
            if (stopping) {
                return;
            }
            framework.start();
            requireStarted(builtIns, errors);
        } catch (BundleException | RuntimeException e) {
            throw new LaunchException(ExitCode.FAILURE, "The framework did not start: " + e.getMessage());
        }
    }

    /** Waits until the framework has ended, for whatever reason; returns whether it has, within the limit. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return framework.waitForStop(limit.toMillis()).getType() != FrameworkEvent.WAIT_TIMEDOUT;
    }

    /** The symbolic name of a vital part that is gone for too long. Called by one thread, after {@link #start}. */
    Optional<String> vitalPartGone() {
        return vitalParts == null ? Optional.empty() : vitalParts.gone(System.nanoTime());
    }

    void rereadConfiguration() {
        BundleContext context = framework.getBundleContext();
        try {
            ServiceReference<?>[] found = context == null
                    ? null
                    : context.getAllServiceReferences(Runnable.class.getName(), "(" + REREAD + "=true)");
            if (found != null && context.getService(found[0]) instanceof Runnable reread) {
                reread.run();
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All bundles; none once the framework has ended. */
    Bundle[] bundles() {
        BundleContext context = framework.getBundleContext();
        return context == null ? new Bundle[0] : context.getBundles();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Stops all bundles in order, then the framework; returns whether that was done within the limit. */
    boolean stop(Duration limit) throws InterruptedException {
        stopping = true;
        try {
            framework.stop();
        } catch (BundleException e) {
            return false;
        }
        return awaitEnd(limit);
    }

    private List<Bundle> install(BundleContext context) throws BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (Map.Entry<Integer, List<Path>> level : levels.entrySet()) {
            for (Path jar : level.getValue()) {
                Bundle bundle = context.installBundle(location(jar));
                bundle.adapt(BundleStartLevel.class).setStartLevel(level.getKey());
                if (!isFragment(bundle)) {
                    bundle.start();
                }
                bundles.add(bundle);
            }
        }
        return bundles;
    }

    private void requireStarted(List<Bundle> bundles, Map<Bundle, Throwable> errors) throws LaunchException {
        for (Bundle bundle : bundles) {
            boolean runs = bundle.getState() == Bundle.ACTIVE || isFragment(bundle);
            // Asked behind that: a framework that is ending, by whomever, stops its bundles, and is not a start that
            // failed.
            if (!runs && !stopping && framework.getState() == Bundle.ACTIVE) {
                Throwable cause = errors.get(bundle);
                throw new LaunchException(
                        ExitCode.FAILURE,
                        "The bundle " + bundle.getSymbolicName() + " of " + places.home() + " did not start"
                                + (cause == null ? "." : ": " + cause.getMessage()));
            }
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    }

    /** Felix decodes the path as if it came from an HTML form, where a plus sign means a space. */
    private static String location(Path jar) {
        return "reference:"
                + jar.toUri().toString().replace("file:///", "file:/").replace("+", "%2B");
    }

    private static Map<String, String> properties(Places places, String version, int topLevel) {
        Map<String, String> properties = new HashMap<>(places.properties());
        properties.put("tidewatch.version", version);

        properties.put(
                Constants.FRAMEWORK_STORAGE,
                places.state().resolve("felix-cache").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, String.valueOf(topLevel));
        // Every start reads the .cfg files anew; what they come to, secrets included, is nothing for a disk.
        properties.put("felix.cm.pm", "memory");
        properties.put("felix.log.level", "1");
        properties.put("felix.resolver.parallelism", "1");

        properties.put("tidewatch.deploy.startlevel", String.valueOf(topLevel));

        // No port is opened before tidewatch.health has said which.
        properties.put("org.apache.felix.http.require.config", "true");

        // Until its configuration is there, pax-logging would print everything down to DEBUG.
        properties.put(
                "org.ops4j.pax.logging.StaticLogbackFile",
                places.home().resolve("lib/logging/start.xml").toString());
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
        properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
        properties.put("org.ops4j.pax.logging.eventAdminEnabled", "false");
        return properties;
    }
}
