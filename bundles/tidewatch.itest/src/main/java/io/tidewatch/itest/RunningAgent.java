package io.tidewatch.itest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;

/**
 * The agent that the tests run in, as its operator sees it: a configuration folder, a deploy folder, bundles and
 * health.
 */
record RunningAgent(BundleContext context) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Waits for a condition; generous, since machines are noisy. */
    static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
    }

    /** A folder that the launcher names in a framework property. */
    Path folder(String property) {
        String value = context.getProperty(property);
        assertThat(value).as("framework property " + property).isNotNull();
        return Path.of(value);
    }

    Path database() {
        return folder("tidewatch.state").resolve("metrics.db");
    }

    /** Writes {@code <pid>.cfg} as an editor does: elsewhere, then renamed. No text means no file. */
    void configure(String pid, String text) throws IOException {
        Path folder = folder("tidewatch.config");
        if (text.isEmpty()) {
            Files.deleteIfExists(folder.resolve(pid + ".cfg"));
            return;
        }
        Path draft = Files.writeString(folder.resolve("." + pid + ".draft"), text);
        Files.move(draft, folder.resolve(pid + ".cfg"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Puts a jar into the deploy folder as {@code name}, in one step, with the given bundle version. */
    void deploy(Path jar, String name, String version) throws IOException {
        deploy(jar, name, Map.of(Constants.BUNDLE_VERSION, version), content -> content);
    }

    /**
     * Puts a changed jar into the deploy folder as {@code name}, in one step.
     *
     * @param headers replace those of its manifest; an empty one only removes
     * @param classes gets each class file, and says what stands there instead
     */
    void deploy(Path jar, String name, Map<String, String> headers, UnaryOperator<byte[]> classes) throws IOException {
        Path folder = folder("tidewatch.deploy");
        Path draft = folder.resolve("." + name + ".draft");
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = new Manifest(in.getManifest());
            headers.forEach((header, value) -> {
                Attributes.Name key = new Attributes.Name(header);
                manifest.getMainAttributes().remove(key);
                if (!value.isEmpty()) {
                    manifest.getMainAttributes().put(key, value);
                }
            });
            try (OutputStream out = Files.newOutputStream(draft);
                    JarOutputStream copy = new JarOutputStream(out, manifest)) {
                copyEntries(in, copy, classes);
            }
        }
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void undeploy(String name) throws IOException {
        Files.deleteIfExists(folder("tidewatch.deploy").resolve(name));
    }

    @Nullable
    Bundle bundle(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        return null;
    }

    Bundle requireBundle(String symbolicName) {
        Bundle bundle = bundle(symbolicName);
        if (bundle == null) {
            throw new AssertionError("No bundle " + symbolicName);
        }
        return bundle;
    }

    /** What a component of health says, or null if there is none of that name. */
    @Nullable
    Health health(String name) {
        try {
            for (ServiceReference<HealthCheck> reference :
                    context.getServiceReferences(HealthCheck.class, "(" + HealthCheck.NAME + "=" + name + ")")) {
                HealthCheck check = context.getService(reference);
                if (check != null) {
                    try {
                        return check.check();
                    } finally {
                        context.ungetService(reference);
                    }
                }
            }
            return null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /** What a component of health says; an error without details if there is none of that name. */
    Health healthOf(String name) {
        return Objects.requireNonNullElseGet(health(name), () -> Health.error("not there", Map.of()));
    }

    /**
     * The services that Declarative Services registered for the components of tidewatch: component name to service id.
     * A component that is rebuilt gets another id.
     */
    Map<String, Long> componentServices() {
        Map<String, Long> services = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            ServiceReference<?>[] references = bundle.getRegisteredServices();
            String name = bundle.getSymbolicName();
            if (references == null || name == null || !name.startsWith("tidewatch.")) {
                continue;
            }
            for (ServiceReference<?> reference : references) {
                Object component = reference.getProperty(ComponentConstants.COMPONENT_NAME);
                if (component != null) {
                    services.put(component.toString(), (Long) reference.getProperty(Constants.SERVICE_ID));
                }
            }
        }
        return services;
    }

    private static void copyEntries(JarInputStream in, JarOutputStream copy, UnaryOperator<byte[]> classes)
            throws IOException {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
            copy.putNextEntry(new JarEntry(entry.getName()));
            byte[] content = in.readAllBytes();
            copy.write(entry.getName().endsWith(".class") ? classes.apply(content) : content);
            copy.closeEntry();
        }
    }
}
