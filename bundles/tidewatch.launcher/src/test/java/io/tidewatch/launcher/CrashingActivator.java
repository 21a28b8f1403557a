package io.tidewatch.launcher;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Packed into a bundle of the tests: ends the process as the JVM does when memory runs out, without any word. */
public final class CrashingActivator implements BundleActivator {
    static final int EXIT_CODE = 3;

    @Override
    public void start(BundleContext context) {
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    @Override
    public void stop(BundleContext context) {}
}
