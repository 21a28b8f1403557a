package io.tidewatch.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Packed into a bundle of the tests: installs what is in the deploy folder and writes down how the bundle base is wired. */
public final class DeployingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws IOException, BundleException, InterruptedException {
        List<Bundle> deployed = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(context.getProperty("tidewatch.deploy")))) {
            for (Path jar : jars) {
                deployed.add(context.installBundle(jar.toUri().toString()));
            }
        }
        for (Bundle bundle : deployed) {
            try {
                bundle.start();
            } catch (BundleException e) {
                write(context, "not started: " + bundle.getSymbolicName());
            }
        }
        FrameworkWiring framework = context.getBundle(0).adapt(FrameworkWiring.class);
        Bundle base = null;
        for (Bundle bundle : context.getBundles()) {
            if ("base".equals(bundle.getSymbolicName()) && bundle.getVersion().getMajor() == 1) {
                base = bundle;
            }
        }
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.refreshBundles(Set.of(base), event -> refreshed.countDown());
        refreshed.await();
        List<String> wires = new ArrayList<>();
        for (BundleWire wire : base.adapt(BundleWiring.class).getRequiredWires(null)) {
            Bundle provider = wire.getProviderWiring().getBundle();
            if (provider.getBundleId() != 0) {
                wires.add(provider.getSymbolicName());
            }
        }
        write(context, "wires of base: " + wires);
        for (Bundle bundle : deployed) {
            if ("fragment".equals(bundle.getSymbolicName())) {
                write(
                        context,
                        "state of fragment: " + (bundle.getState() == Bundle.INSTALLED ? "installed" : "attached"));
            }
        }
    }

    @Override
    public void stop(BundleContext context) {}

    private static void write(BundleContext context, String line) throws IOException {
        Path events = Path.of(context.getProperty("tidewatch.state")).resolve("events");
        Files.writeString(events, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
