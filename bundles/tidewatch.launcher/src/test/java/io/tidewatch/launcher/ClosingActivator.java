package io.tidewatch.launcher;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Packed into a bundle of the tests: closes what the log goes to. */
public final class ClosingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        System.out.close();
        System.err.close();
    }

    @Override
    public void stop(BundleContext context) {
        System.out.println("still heard");
    }
}
