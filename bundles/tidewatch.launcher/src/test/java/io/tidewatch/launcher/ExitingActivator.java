package io.tidewatch.launcher;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Packed into a bundle of the tests: ends the process a moment after its start. */
public final class ExitingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        int code = Integer.parseInt(context.getBundle().getHeaders().get("Exit-Code"));
        // Not on the thread of the framework, which waits for it.
        Thread thread = new Thread(() -> System.exit(code));
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop(BundleContext context) {}
}
