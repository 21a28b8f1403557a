package io.tidewatch.command.trial;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A framework with the bundles of an installation, of which those run that collectors need: no database, no network, no
 * scheduler. The contract of the collectors is that of this program's class path.
 */
final class TrialFramework implements AutoCloseable {
    private static final String ADMIN = "org.apache.felix.configadmin";
    private static final String CONTRACT = "tidewatch.api";
    private static final String COLLECTORS = "tidewatch.collector.";

    /** Started before the collectors, in the order of their start levels. */
    private static final Set<String> STARTED = Set.of(
            "org.ops4j.pax.logging.pax-logging-api",
            "org.apache.felix.scr",
            "tidewatch.jna",
            "tidewatch.procfs",
            "tidewatch.statvfs");

    private static final Pattern ADMIN_PACKAGE = Pattern.compile("org\\.osgi\\.service\\.cm;version=\"[^\"]+\"");
    private static final Pattern FOLDER = Pattern.compile("[1-9]\\d*(\\.(.+))?");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Framework framework;
    private final List<Bundle> bundles = new ArrayList<>();

    /**
     * Starts the framework, without collectors.
     *
     * @param folder for its storage; also removed when the process gets SIGTERM or SIGINT
     * @param set which collectors, as in {@code TIDEWATCH_COLLECTORS}
     * @throws CommandException if the installation is not whole
     */
    TrialFramework(Folders folders, TrialFolder folder, String set) throws CommandException {
        try {
            List<Path> jars = jars(folders.home().resolve("bundles"), set);
            framework = ServiceLoader.load(FrameworkFactory.class)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no framework in lib/"))
                    .newFramework(properties(folders, folder.path(), jars));
            framework.start();
            // A command that is tried ends with the process, however that ends; only then nothing writes to the folder.
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                close();
                                folder.close();
                            },
                            "try-stop"));
            BundleContext context = framework.getBundleContext();
            for (Path jar : jars) {
                // As the launcher does: used where it lies. Felix reads a plus sign as a blank.
                Bundle bundle = context.installBundle("reference:"
                        + jar.toUri().toString().replace("file:///", "file:/").replace("+", "%2B"));
                bundles.add(bundle);
            }
            start(ADMIN::equals);
        } catch (BundleException | IOException e) {
            throw broken(e);
        }
    }

    /** Puts the settings of a .cfg into force. Before {@link #startCollectors}. */
    void configure(String pid, Map<String, String> settings) throws CommandException {
        BundleContext context = framework.getBundleContext();
        try {
            ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
            String[] parts = pid.split("[-~]", 2);
            Configuration configuration = parts.length == 1
                    ? admin.getConfiguration(pid, "?")
                    : admin.getFactoryConfiguration(parts[0], parts[1], "?");
            configuration.update(FrameworkUtil.asDictionary(new HashMap<String, Object>(settings)));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    void startCollectors() throws CommandException {
        try {
            start(STARTED::contains);
            start(name -> name.startsWith(COLLECTORS));
        } catch (BundleException e) {
            throw broken(e);
        }
    }

    Bundle start(Path jar) throws BundleException, IOException, InterruptedException {
        try (InputStream content = Files.newInputStream(jar)) {
            Bundle bundle =
                    framework.getBundleContext().installBundle(jar.toUri().toString(), content);
            start(bundle);
            return bundle;
        }
    }

    /** Its activator and immediate components may block; a thread that they keep ends with the process. */
    private static void start(Bundle bundle) throws BundleException, InterruptedException {
        FutureTask<@Nullable Void> task = new FutureTask<>(() -> {
            bundle.start();
            return null;
        });
        Thread thread = new Thread(task, "try-start");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new BundleException("it does not start within " + LIMIT.toSeconds()
                    + " s: its activator or an immediate component blocks");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BundleException failure
                    ? failure
                    : new BundleException(String.valueOf(e.getCause()), e.getCause());
        }
    }

    /** The registered collectors that are wanted; waits for the first one for some seconds. */
    List<ServiceReference<Collector>> collectors(Predicate<ServiceReference<Collector>> wanted)
            throws InterruptedException {
        ServiceTracker<Collector, ServiceReference<Collector>> tracker =
                new ServiceTracker<>(framework.getBundleContext(), Collector.class, null) {
                    @Override
                    public @Nullable ServiceReference<Collector> addingService(ServiceReference<Collector> found) {
                        return wanted.test(found) ? found : null;
                    }

                    @Override
                    public void removedService(
                            ServiceReference<Collector> reference, ServiceReference<Collector> same) {}
                };
        tracker.open();
        try {
            tracker.waitForService(LIMIT.toMillis());
            return tracker.getTracked().values().stream().sorted().toList();
        } finally {
            tracker.close();
        }
    }

    /** The service; null if its component could not be made. Foreign code. */
    @Nullable
    Collector collector(ServiceReference<Collector> reference) {
        return framework.getBundleContext().getService(reference);
    }

    /** Stops the framework, and leaves it alone if that takes long. */
    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(LIMIT.toMillis());
        } catch (BundleException e) {
            // The process ends soon.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(Predicate<String> name) throws BundleException {
        for (Bundle bundle : bundles) {
            if (name.test(bundle.getSymbolicName())) {
                bundle.start();
            }
        }
    }

    private static Map<String, String> properties(Folders folders, Path storage, List<Path> jars) throws IOException {
        Map<String, String> properties = new HashMap<>(folders.properties());
        properties.remove("tidewatch.lock");
        properties.put("tidewatch.state", storage.resolve("state").toString());
        properties.put(
                Constants.FRAMEWORK_STORAGE, storage.resolve("felix-cache").toString());
        properties.put("felix.cm.pm", "memory");
        properties.put("felix.log.level", "1");
        properties.put("felix.resolver.parallelism", "1");
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
        properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
        properties.put("org.ops4j.pax.logging.eventAdminEnabled", "false");
        String exported = exports(jars, CONTRACT);
        Matcher admin = ADMIN_PACKAGE.matcher(exports(jars, ADMIN));
        properties.put(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, admin.find() ? exported + "," + admin.group() : exported);
        jars.removeIf(jar -> is(jar, CONTRACT));
        return properties;
    }

    /** Those of the levels in their order, as the launcher has them. */
    private static List<Path> jars(Path folder, String set) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            List<Path> jars = new ArrayList<>(files.filter(
                            file -> file.toString().endsWith(".jar"))
                    .filter(file -> {
                        Matcher level = FOLDER.matcher(
                                folder.relativize(file).getName(0).toString());
                        return level.matches() && (level.group(2) == null || set.equalsIgnoreCase(level.group(2)));
                    })
                    .toList());
            jars.sort(Comparator.naturalOrder());
            return jars;
        }
    }

    private static String exports(List<Path> jars, String name) throws IOException {
        Path found = jars.stream()
                .filter(jar -> is(jar, name))
                .findFirst()
                .orElseThrow(() -> new IOException(name + " is missing"));
        try (JarFile jar = new JarFile(found.toFile())) {
            return String.valueOf(jar.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE));
        }
    }

    private static boolean is(Path jar, String name) {
        return String.valueOf(jar.getFileName()).matches(Pattern.quote(name) + "-\\d.*");
    }

    private static CommandException broken(Exception cause) {
        return new CommandException(
                ExitCodes.BROKEN_INSTALLATION,
                "The bundles of the installation do not start (" + cause.getMessage()
                        + "). Unpack or install tidewatch again.");
    }
}
