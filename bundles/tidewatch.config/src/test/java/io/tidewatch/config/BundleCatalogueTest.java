package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.WrittenSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** Bundles that change while the catalogue of them is read, in a real framework. */
class BundleCatalogueTest {
    private static final String PID = "test.changing";
    private static volatile Runnable whileReading = () -> {};

    @TempDir
    Path folder;

    private Framework framework;
    private BundleCatalogue catalogue;
    private final AtomicInteger changes = new AtomicInteger();

    /** What the bundles share; made while the catalogue is read. */
    public static class Check implements ConfigurationCheck {
        @Override
        public boolean concerns(String pid) {
            return pid.equals(PID);
        }

        @Override
        public void check(WrittenSettings written, List<InvalidSettingException> problems) {}
    }

    /** Of a bundle that is read before or behind the one that changes. */
    public static final class Interrupting extends Check {
        /** Made by the catalogue. */
        public Interrupting() {
            whileReading.run();
        }

        @Override
        public boolean concerns(String pid) {
            return false;
        }
    }

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.toString(),
                        Constants.FRAMEWORK_BOOTDELEGATION,
                        "io.tidewatch.*",
                        Constants.FRAMEWORK_BUNDLE_PARENT,
                        Constants.FRAMEWORK_BUNDLE_PARENT_APP));
        framework.start();
        catalogue = new BundleCatalogue(framework.getBundleContext());
        catalogue.whenChanged(changes::incrementAndGet);
    }

    @AfterEach
    void stop() throws Exception {
        whileReading = () -> {};
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void aBundleThatIsResolvedAnewWhileItIsReadIsNotMissed() throws Exception {
        install("before", Interrupting.class);
        Bundle changing = install("changing", Check.class);
        install("behind", Interrupting.class);
        CountDownLatch resolved = new CountDownLatch(2);
        // Called after the catalogue, which has listened for longer.
        framework.getBundleContext().addBundleListener(event -> {
            if (event.getBundle() == changing && event.getType() == BundleEvent.RESOLVED) {
                resolved.countDown();
            }
        });
        AtomicInteger made = new AtomicInteger();
        whileReading = () -> {
            int place = made.incrementAndGet();
            if (place == 1) {
                update(changing);
            } else if (place == 2) {
                resolve(changing);
                awaitCount(resolved);
            }
        };
        catalogue.get();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(catalogue.get().checks(PID)).hasSize(1));
    }

    @Test
    void aRefreshedBundleIsReadAgain() throws Exception {
        Bundle changing = install("changing", Check.class);
        assertThat(catalogue.get().checks(PID)).hasSize(1);
        Catalogue first = catalogue.get();
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(changing), event -> refreshed.countDown());
        awaitCount(refreshed);
        resolve(changing);
        await().atMost(Duration.ofSeconds(30)).until(() -> changes.get() > 0 && catalogue.get() != first);
        assertThat(catalogue.get().checks(PID)).hasSize(1);
    }

    @Test
    void aBundleThatStaysAsItIsChangesNothing() throws Exception {
        Bundle steady = install("steady", Check.class);
        Catalogue first = catalogue.get();
        steady.start();
        steady.stop();
        Bundle other = framework.getBundleContext().installBundle("other", jar("other", null));
        CountDownLatch gone = new CountDownLatch(1);
        framework.getBundleContext().addBundleListener(event -> {
            if (event.getBundle() == other && event.getType() == BundleEvent.UNINSTALLED) {
                gone.countDown();
            }
        });
        other.uninstall();
        awaitCount(gone);
        assertThat(catalogue.get()).isSameAs(first);
        assertThat(changes.get()).isZero();
    }

    private Bundle install(String name, Class<?> check) throws Exception {
        return framework.getBundleContext().installBundle(name, jar(name, check));
    }

    private static void update(Bundle bundle) {
        try {
            bundle.update(jar(bundle.getSymbolicName(), Check.class));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void resolve(Bundle bundle) {
        assertThat(framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundle)))
                .isTrue();
    }

    private static void awaitCount(CountDownLatch latch) {
        try {
            assertThat(latch.await(4, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A bundle whose classes are those of this test. */
    private static InputStream jar(String name, Class<?> check) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            if (check != null) {
                jar.putNextEntry(new JarEntry(Documents.CHECKS));
                jar.write(check.getName().getBytes(StandardCharsets.UTF_8));
                jar.putNextEntry(new JarEntry(Documents.METATYPE_FOLDER + name + ".xml"));
                jar.write("<metatype:MetaData xmlns:metatype=\"http://www.osgi.org/xmlns/metatype/v1.3.0\"/>"
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
