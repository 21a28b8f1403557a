package io.tidewatch.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;

/** A framework, and jars for it whose only class is the activator below. */
final class TestBundles implements AutoCloseable {
    /** A property, as the classes in the jars are others than those of the tests. */
    private static final String RELEASED = "tidewatch.test.released";

    private final Path temporary;
    private final Path folder;
    private final Framework framework;
    private volatile List<String> held = List.of();

    /** What a bundle does in its start. */
    enum Behaviour {
        WORKS(""),
        THROWS("java.lang.IllegalStateException: no sensor"),
        THROWS_AN_ERROR("java.lang.NoClassDefFoundError: com/example/Driver"),
        RUNS_OUT_OF_STACK("java.lang.StackOverflowError"),
        HANGS(""),
        HANGS_FOR_GOOD(""),
        LEAVES_THREADS(""),
        LEAVES_TOO_MANY_THREADS(""),
        LEAVES_TOO_MANY_THREADS_WHEN_RELEASED(""),
        LEAVES_THREADS_AND_THROWS("java.lang.IllegalStateException: no sensor"),
        LEAVES_A_STUBBORN_THREAD("");

        private final String thrown;

        Behaviour(String thrown) {
            this.thrown = thrown;
        }

        String thrown() {
            return thrown;
        }
    }

    TestBundles(Path temporary) throws Exception {
        System.clearProperty(RELEASED);
        this.temporary = temporary;
        this.folder = Files.createDirectories(temporary.resolve("deploy"));
        this.framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        temporary.resolve("cache").toString(),
                        "tidewatch.deploy.startlevel",
                        "1",
                        "felix.log.level",
                        "0"));
        framework.start();
        System.clearProperty("tidewatch.deploy.shipped");
        Supplier<List<String>> holding = () -> held;
        context()
                .registerService(
                        Supplier.class, holding, FrameworkUtil.asDictionary(Map.of("tidewatch.deploy.held", true)));
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    Path folder() {
        return folder;
    }

    /** Lets threads and starts end that wait for it. */
    static void release() {
        System.setProperty(RELEASED, "true");
    }

    void hold(String location) {
        held = List.of(location);
    }

    void holdNothing() {
        held = List.of();
    }

    @Nullable
    Bundle bundle(String name) {
        for (Bundle bundle : context().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        return null;
    }

    /** Installs a bundle as the launcher does. */
    void builtIn(String name, String version) throws Exception {
        Path jar = temporary.resolve(name + ".jar");
        write(jar, name, version, Behaviour.WORKS);
        context()
                .installBundle("reference:" + jar.toUri().toString().replace("file:///", "file:/"))
                .start();
    }

    /** Puts a jar into the folder in one move. */
    Path drop(String file, String name, String version, Behaviour behaviour, String... headers) throws IOException {
        Path hidden = temporary.resolve("dropping");
        write(hidden, name, version, behaviour, headers);
        return Files.move(hidden, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws Exception {
        release();
        framework.stop();
        framework.waitForStop(30_000);
    }

    private static void write(Path jar, String name, String version, Behaviour behaviour, String... headers)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", name);
        attributes.putValue("Bundle-Version", version);
        attributes.putValue("Bundle-Activator", Activator.class.getName());
        attributes.putValue("Import-Package", "org.osgi.framework");
        attributes.putValue("Behaviour", behaviour.name());
        for (int i = 0; i < headers.length; i += 2) {
            attributes.putValue(headers[i], headers[i + 1]);
        }
        String entry = Activator.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream content = new JarOutputStream(out);
                InputStream code = Activator.class.getClassLoader().getResourceAsStream(entry)) {
            // Not compressed, so that jars with texts of one length have one size.
            content.setLevel(0);
            content.putNextEntry(new JarEntry(JarFile.MANIFEST_NAME));
            manifest.write(content);
            content.closeEntry();
            content.putNextEntry(new JarEntry(entry));
            code.transferTo(content);
            content.closeEntry();
        }
    }

    /** Is in every jar; shares no class with the tests but those of Java and OSGi. */
    public static final class Activator implements BundleActivator {
        @Override
        public void start(BundleContext context) throws Exception {
            switch (context.getBundle().getHeaders().get("Behaviour")) {
                case "THROWS" -> throw new IllegalStateException("no sensor");
                case "THROWS_AN_ERROR" -> throw new NoClassDefFoundError("com/example/Driver");
                case "RUNS_OUT_OF_STACK" -> recurse();
                case "HANGS" -> Thread.sleep(Long.MAX_VALUE);
                case "HANGS_FOR_GOOD" -> sleep(true);
                case "LEAVES_THREADS" -> crowd(20);
                case "LEAVES_TOO_MANY_THREADS" -> crowd(1000);
                case "LEAVES_TOO_MANY_THREADS_WHEN_RELEASED" ->
                    thread("late", () -> {
                        sleep(true);
                        crowd(1000);
                    });
                case "LEAVES_THREADS_AND_THROWS" -> {
                    crowd(20);
                    throw new IllegalStateException("no sensor");
                }
                case "LEAVES_A_STUBBORN_THREAD" -> thread("stubborn", () -> sleep(true));
                default -> {
                    // It works.
                }
            }
        }

        @Override
        public void stop(BundleContext context) {}

        @SuppressWarnings("InfiniteRecursion")
        private static void recurse() {
            recurse();
        }

        private static void crowd(int count) {
            for (int i = 0; i < count; i++) {
                thread("crowd", () -> sleep(false));
            }
        }

        private static void thread(String name, Runnable work) {
            Thread thread = new Thread(null, work, name, 64 * 1024);
            thread.setDaemon(true);
            thread.start();
        }

        private static void sleep(boolean stubborn) {
            do {
                try {
                    Thread.sleep(stubborn ? 10 : Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    // The stubborn one goes on.
                }
            } while (stubborn && !Boolean.getBoolean("tidewatch.test.released"));
        }
    }
}
