package io.tidewatch.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Packed into a bundle of the tests: writes down that the configuration is read again. */
public final class RereadingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Path events = Path.of(context.getProperty("tidewatch.state")).resolve("events");
        Runnable reread = () -> {
            try {
                Files.writeString(events, "reread\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        context.registerService(
                Runnable.class, reread, FrameworkUtil.asDictionary(Map.of("tidewatch.config.reread", true)));
    }

    @Override
    public void stop(BundleContext context) {}
}
