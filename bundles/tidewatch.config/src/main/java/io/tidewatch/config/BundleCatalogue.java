package io.tidewatch.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;

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
        // Told on a thread of the framework's own, behind the event: whoever causes it may hold locks.
        context.addBundleListener(this);
    }

    /** Calls this, on a thread of the framework, after every change behind the first {@link #get}. */
    synchronized void whenChanged(Runnable changed) {
        this.changed = changed;
    }

    /** What there is now. */
    Catalogue get() {
        synchronized (this) {
            if (current != null) {
                return current;
            }
        }
        List<BundlePart> parts = new ArrayList<>();
        Map<Long, Long> read = new HashMap<>();
        for (Bundle bundle : context.getBundles()) {
            if (BundlePart.tells(bundle)) {
                read.put(bundle.getBundleId(), bundle.getLastModified());
                parts.add(new BundlePart(bundle));
            }
        }
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
