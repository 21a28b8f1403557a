package io.tidewatch.deploy;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
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

    /** Where the shipped versions are kept while this bundle is updated and a built-in is replaced. */
    private static final String SHIPPED = "tidewatch.deploy.shipped";

    private final BundleContext context;
    private final FrameworkWiring wiring;
    private final BuiltIns builtIns;
    private final BundleThreads threads = new BundleThreads();
    private final int startLevel;
    private final Map<Bundle, ForeignCall> calls = new LinkedHashMap<>();

    Installation(BundleContext context) {
        this.context = context;
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
        Bundle bundle = context.installBundle(location, content);
        bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel);
        start(bundle);
        return bundle;
    }

    void update(Bundle bundle, InputStream content) throws BundleException {
        exchange(bundle, () -> bundle.update(content));
    }

    void restore(Bundle builtIn) throws BundleException {
        // Without a content it is read from its location.
        exchange(builtIn, builtIn::update);
    }

    private void exchange(Bundle bundle, ForeignCall.Action update) throws BundleException {
        stop(bundle);
        ForeignCall call = new ForeignCall(bundle, "update", update);
        calls.put(bundle, call);
        call.await(DEADLINE_SECONDS);
        if (!call.isOver()) {
            throw new BundleException("it does not return from its start or stop");
        }
        if (!call.failure().isEmpty()) {
            throw new BundleException(call.failure());
        }
        threads.interrupt(bundle);
        refresh(bundle);
        start(bundle);
    }

    /** Takes a bundle away, with its threads. One that does not return from its start goes when it does. */
    void uninstall(Bundle bundle, String jar) {
        threads.remember(bundle, jar);
        stop(bundle);
        ForeignCall call = new ForeignCall(bundle, "uninstall", bundle::uninstall);
        call.await(DEADLINE_SECONDS);
        calls.remove(bundle);
        threads.interrupt(bundle);
        if (call.isOver() && call.failure().isEmpty()) {
            refresh(bundle);
        }
    }

    /** Starts a bundle that is neither started nor being started. */
    void start(Bundle bundle) {
        boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
        ForeignCall running = calls.get(bundle);
        boolean idle = bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED;
        if (fragment || !idle || (running != null && !running.isOver())) {
            return;
        }
        wiring.resolveBundles(Set.of(bundle));
        ForeignCall call = new ForeignCall(bundle, "start", bundle::start);
        calls.put(bundle, call);
        call.await(DEADLINE_SECONDS);
    }

    private void stop(Bundle bundle) {
        ForeignCall running = calls.get(bundle);
        if (running != null && !running.isOver()) {
            // Until it returns the framework blocks other operations on the bundle.
            threads.interrupt(bundle);
            running.await(1);
        }
        ForeignCall call = new ForeignCall(bundle, "stop", () -> bundle.stop(Bundle.STOP_TRANSIENT));
        calls.put(bundle, call);
        call.await(DEADLINE_SECONDS);
    }

    /** What keeps a bundle from working, or makes it a bad neighbour; empty if nothing does. */
    String problem(Bundle bundle) {
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

    List<String> leftBehind() {
        return threads.leftBehind();
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
