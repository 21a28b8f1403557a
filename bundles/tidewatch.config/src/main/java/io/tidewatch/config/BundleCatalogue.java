package io.tidewatch.config;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * What the bundles of the framework have to configure; read anew after one of them has come, changed or gone. Safe for
 * use by several threads.
 */
final class BundleCatalogue implements BundleListener {
    private final BundleContext context;

    // Guarded by this.
    private @Nullable Catalogue current;
    private Map<Long, Long> versions = Map.of();
    private Runnable changed = () -> {};

    BundleCatalogue(BundleContext context) {
        this.context = context;
        // Asynchronous, since the thread that causes an event may hold locks.
        context.addBundleListener(this);
    }

    /** Calls this, on a thread of the framework, after every change after the first {@link #get}. */
    synchronized void whenChanged(Runnable changed) {
        this.changed = changed;
    }

    /** Returns the catalogue of the present bundles. */
    Catalogue get() {
        synchronized (this) {
            if (current != null) {
                return current;
            }
        }
        List<Bundle> bundles =
                Arrays.stream(context.getBundles()).filter(BundlePart::tells).toList();
        // On this thread: it may be the one that refreshes bundles and starts this one again, whose lock the threads
        // that
        // make the checks would wait for.
        context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .resolveBundles(bundles);
        Map<Long, Long> read = new HashMap<>();
        bundles.stream()
                .filter(bundle -> bundle.getState() != Bundle.INSTALLED)
                .forEach(bundle -> read.put(bundle.getBundleId(), bundle.getLastModified()));
        List<BundlePart> parts = bundles.stream().map(BundlePart::new).toList();
        // Not under the lock: it loads classes of others.
        Catalogue made = new Catalogue(parts);
        synchronized (this) {
            current = made;
            versions = read;
            return made;
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Runnable toCall;
        synchronized (this) {
            if (current == null || !isNew(event)) {
                return;
            }
            current = null;
            toCall = changed;
        }
        toCall.run();
    }

    private boolean isNew(BundleEvent event) {
        Bundle bundle = event.getBundle();
        Long known = versions.get(bundle.getBundleId());
        return switch (event.getType()) {
            case BundleEvent.UNINSTALLED -> known != null;
            case BundleEvent.INSTALLED, BundleEvent.UPDATED, BundleEvent.RESOLVED ->
                BundlePart.tells(bundle) && (known == null || known != bundle.getLastModified());
            default -> false;
        };
    }
}
