package io.tidewatch.config;

import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
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

    /** A bundle of the framework. Its documents are read without resolving it. */
    private record BundlePart(Bundle bundle) implements Catalogue.Part {
        private static final String COMPONENTS = "Service-Component";

        static boolean hasMetadata(Bundle bundle) {
            return bundle.getState() != Bundle.UNINSTALLED
                    && (bundle.getHeaders("").get(COMPONENTS) != null
                            || bundle.getEntry(Documents.METATYPE_FOLDER) != null
                            || bundle.getEntry(Documents.CHECKS) != null);
        }

        @Override
        public String name() {
            return String.valueOf(bundle.getSymbolicName());
        }

        @Override
        public List<URL> metatypes() {
            return in(Documents.METATYPE_FOLDER, "");
        }

        @Override
        public List<URL> components() {
            List<URL> documents = new ArrayList<>();
            String header = bundle.getHeaders("").get(COMPONENTS);
            for (String path : header == null ? new String[0] : header.split("\\s*,\\s*", -1)) {
                int slash = path.lastIndexOf('/') + 1;
                documents.addAll(in(path.substring(0, slash), path.substring(slash)));
            }
            return documents;
        }

        @Override
        public List<URL> checks() {
            if (bundle.getState() == Bundle.INSTALLED) {
                // Its classes cannot be loaded before it is resolved.
                return List.of();
            }
            URL list = bundle.getEntry(Documents.CHECKS);
            return list == null ? List.of() : List.of(list);
        }

        @Override
        public Class<?> load(String name) throws ClassNotFoundException {
            return bundle.loadClass(name);
        }

        /** The XML documents of a folder: of this name, or all if it is empty or has a wildcard. */
        private List<URL> in(String folder, String name) {
            Enumeration<String> paths = bundle.getEntryPaths(folder);
            if (paths == null) {
                return List.of();
            }
            return Collections.list(paths).stream()
                    .filter(path -> name.isEmpty() || name.contains("*") || path.endsWith("/" + name))
                    .filter(path -> path.endsWith(".xml"))
                    .map(bundle::getEntry)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }
}
