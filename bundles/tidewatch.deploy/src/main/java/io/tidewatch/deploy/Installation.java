package io.tidewatch.deploy;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Installs, updates and removes bundles. Everything that runs code of a jar is done on a thread of its own with a deadline,
 * so that a jar which hangs in its start keeps neither the others nor the folder waiting. Used by one thread.
 */
final class Installation {
    private static final long DEADLINE_SECONDS = 10;

    /** What does not start is started again after 1, 2, 4 … seconds, this many at most. */
    private static final long LONGEST_WAIT_SECONDS = 64;

    /** Where the shipped versions are kept while this bundle is updated and a built-in is replaced. */
    private static final String SHIPPED = "tidewatch.deploy.shipped";

    private final BundleContext context;
    private final FrameworkWiring wiring;
    private final BuiltIns builtIns;
    private final BundleThreads threads = new BundleThreads();
    private final int startLevel;
    private final Map<Bundle, ForeignCall> calls = new LinkedHashMap<>();
    private final Map<Bundle, Integer> starts = new HashMap<>();
    private final Map<Bundle, String> stopped = new HashMap<>();
    private final Map<Bundle, String> leaving = new LinkedHashMap<>();
    private final Map<Bundle, String> unrestored = new LinkedHashMap<>();
    private final Consumer<Thread> starter;

    /**
     * Installs by the context of a bundle.
     *
     * @param starter starts the threads for code of jars
     */
    Installation(BundleContext context, Consumer<Thread> starter) {
        this.context = context;
        this.starter = starter;
        this.wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        this.startLevel = Integer.parseInt(String.valueOf(context.getProperty("tidewatch.deploy.startlevel")));
        this.builtIns = BuiltIns.remember(SHIPPED, context);
    }

    BuiltIns builtIns() {
        return builtIns;
    }

    FrameworkWiring wiring() {
        return wiring;
    }

    BundleContext context() {
        return context;
    }

    /** Whether the launcher holds a jar back. */
    boolean isHeld(String location) {
        try {
            ServiceReference<?>[] found =
                    context.getServiceReferences(Supplier.class.getName(), "(tidewatch.deploy.held=*)");
            return found != null
                    && context.getService(found[0]) instanceof Supplier<?> held
                    && held.get() instanceof Collection<?> locations
                    && locations.contains(location);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Bundle install(String location, InputStream content) throws BundleException {
        Bundle former = context.getBundle(location);
        if (former != null && leaving.remove(former) != null) {
            update(former, content);
            return former;
        }
        Bundle bundle = context.installBundle(location, content);
        bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel);
        start(bundle);
        return bundle;
    }

    void update(Bundle bundle, InputStream content) throws BundleException {
        unrestored.remove(bundle);
        exchange(bundle, () -> bundle.update(content));
    }

    /** Gives a built-in the content that it was shipped with; where that fails it is tried again at each look. */
    void restore(Bundle builtIn) {
        unrestored.remove(builtIn);
        try {
            // Without a content it is read from its location.
            exchange(builtIn, builtIn::update);
        } catch (BundleException | RuntimeException e) {
            unrestored.put(builtIn, String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " "));
        }
    }

    private void exchange(Bundle bundle, ForeignCall.Action update) throws BundleException {
        threads.remember(bundle, bundle.getSymbolicName() + " " + bundle.getVersion());
        stop(bundle, Bundle.STOP_TRANSIENT);
        ForeignCall call = call(bundle, "update", update);
        if (!call.isBegun()) {
            throw new BundleException(call.failure(), BundleException.STATECHANGE_ERROR);
        }
        if (!call.isOver()) {
            throw new BundleException("it does not return from its start or stop", BundleException.STATECHANGE_ERROR);
        }
        if (!call.failure().isEmpty()) {
            throw new BundleException(call.failure());
        }
        threads.interrupt(bundle);
        forget(bundle);
        refresh(bundle);
        start(bundle);
    }

    /**
     * Takes a bundle away, with its threads. One that does not return from its start goes when it does; one that cannot be
     * taken away is tried again at each look.
     */
    void uninstall(Bundle bundle, String jar) {
        threads.remember(bundle, jar);
        stop(bundle, Bundle.STOP_TRANSIENT);
        ForeignCall call = call(bundle, "uninstall", bundle::uninstall);
        calls.remove(bundle);
        forget(bundle);
        threads.interrupt(bundle);
        if (bundle.getState() == Bundle.UNINSTALLED) {
            refresh(bundle);
        } else if (call.isOver()) {
            leaving.put(bundle, jar);
        }
    }

    /** It is another bundle now, or none. */
    private void forget(Bundle bundle) {
        starts.remove(bundle);
        stopped.remove(bundle);
    }

    /** Starts a bundle that is neither started nor being started. */
    void start(Bundle bundle) {
        boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
        ForeignCall running = calls.get(bundle);
        boolean idle = bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED;
        if (fragment || !idle || (running != null && !running.isOver())) {
            return;
        }
        // Threads that a failed start has left.
        threads.interrupt(bundle);
        if (stopped.containsKey(bundle) || !wiring.resolveBundles(Set.of(bundle)) || isTooEarly(bundle, running)) {
            return;
        }
        starts.merge(bundle, 1, Integer::sum);
        call(bundle, "start", bundle::start);
    }

    private boolean isTooEarly(Bundle bundle, @Nullable ForeignCall last) {
        int before = starts.getOrDefault(bundle, 0);
        return before > 0
                && last != null
                && last.seconds() < Math.min(LONGEST_WAIT_SECONDS, 1L << Math.min(before - 1, 6));
    }

    /** Runs code of a bundle, and waits a while for its end. */
    private ForeignCall call(Bundle bundle, String name, ForeignCall.Action action) {
        ForeignCall call = new ForeignCall(bundle, name, action, starter);
        if (!call.isBegun()) {
            // The threads of this bundle may be what has taken all; the next call may find one.
            threads.end(bundle);
        }
        calls.put(bundle, call);
        call.await(DEADLINE_SECONDS);
        return call;
    }

    private void stop(Bundle bundle, int options) {
        ForeignCall running = calls.get(bundle);
        if (running != null && !running.isOver()) {
            // Until it returns the framework blocks other operations on the bundle.
            threads.interrupt(bundle);
            running.await(1);
        }
        call(bundle, "stop", () -> bundle.stop(options));
    }

    /** Stops a bundle that has so many threads that the agent would lack them. */
    void stopIfCrowded(Bundle bundle) {
        String excess = threads.excess(bundle);
        if (!excess.isEmpty() && !isStopped(bundle)) {
            stop(bundle, 0);
            threads.interrupt(bundle);
            if (bundle.getState() != Bundle.ACTIVE) {
                stopped.put(bundle, excess);
            }
        }
    }

    /** Whether it was stopped for what it did to the agent; it runs again when it is replaced. */
    boolean isStopped(Bundle bundle) {
        return stopped.containsKey(bundle);
    }

    /** What keeps a bundle from working, or makes it a bad neighbour; empty if nothing does. */
    String problem(Bundle bundle) {
        String why = stopped.get(bundle);
        if (why != null) {
            return why;
        }
        List<String> problems = new ArrayList<>();
        ForeignCall call = calls.get(bundle);
        if (call != null && !call.isOver()) {
            problems.add("it does not return from its " + call.name() + " for " + call.seconds()
                    + " s; remove it, and restart the agent to end its thread");
        } else {
            String failure = call == null ? "" : call.failure();
            String outcome = new BundleOutcome(context, wiring).problem(bundle, failure);
            if (outcome != null) {
                problems.add(outcome);
            }
        }
        String crowd = threads.problem(bundle);
        if (!crowd.isEmpty()) {
            problems.add(crowd);
        }
        return String.join("; ", problems);
    }

    /** Tries again to remove and restore what could not be, and names it and what others have left; empty if nothing. */
    List<String> leftBehind() {
        List.copyOf(unrestored.keySet()).forEach(this::restore);
        new LinkedHashMap<>(leaving).forEach((bundle, jar) -> {
            leaving.remove(bundle);
            uninstall(bundle, jar);
        });
        List<String> sentences = threads.leftBehind();
        leaving.values()
                .forEach(jar -> sentences.add(jar + " is gone and its bundle could not be removed; it is tried again"));
        unrestored.forEach((builtIn, reason) -> sentences.add("the built-in " + builtIn.getSymbolicName()
                + " does not run and could not be restored (" + reason + "); it is tried again"));
        return sentences;
    }

    /** Lets go of what a bundle was before. */
    void refresh(Bundle bundle) {
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(Set.of(bundle), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        ForeignCall.await(done, DEADLINE_SECONDS);
    }
}
