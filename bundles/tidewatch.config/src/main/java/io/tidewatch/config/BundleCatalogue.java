package io.tidewatch.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * What the bundles of the framework have to configure; read anew after one of them has come, changed or gone. Safe for
 * use by several threads.
 */
final class BundleCatalogue implements BundleListener {
    private final BundleContext context;

    // Guarded by this.
    private @Nullable Catalogue current;
    private Map<Long, BundleWiring> read = Map.of();
    // What happens while the catalogue is read, else null.
    private @Nullable List<BundleEvent> missed;
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

    /** Returns the catalogue of the present bundles; one that changes while it is read is read again. */
    Catalogue get() {
        while (true) {
            synchronized (this) {
                if (current != null) {
                    return current;
                }
                missed = new ArrayList<>();
            }
            List<Bundle> bundles = Arrays.stream(context.getBundles())
                    .filter(BundlePart::hasMetadata)
                    .toList();
            // On this thread: it may hold the lock of a bundle that it refreshes, for which the threads that make the
            // checks would wait.
            context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                    .adapt(FrameworkWiring.class)
                    .resolveBundles(bundles);
            Map<Long, BundleWiring> wirings = new HashMap<>();
            for (Bundle bundle : bundles) {
                BundleWiring wiring = bundle.adapt(BundleWiring.class);
                if (wiring != null) {
                    wirings.put(bundle.getBundleId(), wiring);
                }
            }
            // Not under the lock: it loads classes of others.
            Catalogue made = new Catalogue(bundles.stream().map(BundlePart::new).toList());
            synchronized (this) {
                List<BundleEvent> since = Objects.requireNonNullElse(missed, List.of());
                missed = null;
                if (since.stream().noneMatch(event -> isNew(event, wirings))) {
                    current = made;
                    read = wirings;
                    return made;
                }
            }
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Runnable toCall;
        synchronized (this) {
            if (current == null) {
                if (missed != null) {
                    missed.add(event);
                }
                return;
            }
            if (!isNew(event, read)) {
                return;
            }
            current = null;
            toCall = changed;
        }
        toCall.run();
    }

    /** A bundle that is refreshed has another wiring; its checks have to be loaded anew. */
    private static boolean isNew(BundleEvent event, Map<Long, BundleWiring> read) {
        Bundle bundle = event.getBundle();
        BundleWiring known = read.get(bundle.getBundleId());
        return switch (event.getType()) {
            case BundleEvent.UNINSTALLED -> known != null;
            case BundleEvent.INSTALLED, BundleEvent.UPDATED, BundleEvent.RESOLVED ->
                BundlePart.hasMetadata(bundle) && (known == null || known != bundle.adapt(BundleWiring.class));
            default -> false;
        };
    }
}
