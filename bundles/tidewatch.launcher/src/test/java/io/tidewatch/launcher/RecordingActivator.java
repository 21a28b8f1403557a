package io.tidewatch.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Packed into the bundles of the tests: writes down when its bundle starts and stops. */
public final class RecordingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws IOException {
        record(context, "start");
    }

    @Override
    public void stop(BundleContext context) throws IOException {
        record(context, "stop");
    }

    private static void record(BundleContext context, String event) throws IOException {
        Files.writeString(
                Path.of(context.getProperty("tidewatch.state"), "events"),
                event + " " + context.getBundle().getSymbolicName() + " " + context.getProperty("tidewatch.version")
                        + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
