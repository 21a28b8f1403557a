package io.tidewatch.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The threads of deployed bundles: those whose class, or whose context class loader, is the bundle's. A thread inherits the
 * latter from the one that starts it, and code of a bundle is called with its own.
 */
final class BundleThreads {
    /** More than a collector needs; the unit allows the whole agent 128. */
    static final int MOST = 8;

    /** With more the agent would lack threads for its own work, so such a bundle is stopped. */
    static final int TOO_MANY = 64;

    private static final String ADVICE =
            "have it start " + MOST + " at most, and end them when its component is deactivated";

    private final Map<ClassLoader, String> gone = new LinkedHashMap<>();

    /** What to report of the threads of a bundle; empty if they are few. */
    String problem(Bundle bundle) {
        return sentence(
                bundle,
                MOST,
                "it runs ",
                " threads, of which each takes memory and the agent may have few (TasksMax); ");
    }

    /** Why a bundle has to be stopped for the number of its threads; empty if it has not. */
    String excess(Bundle bundle) {
        return sentence(
                bundle,
                TOO_MANY,
                "it ran ",
                " threads, which the agent needs for its own work (TasksMax), and was stopped; ");
    }

    private static String sentence(Bundle bundle, int limit, String before, String behind) {
        int count = of(bundle).size();
        return count <= limit ? "" : before + count + behind + ADVICE;
    }

    /** A bundle is about to be removed or updated; the threads of what it is now are watched on under that name. */
    void remember(Bundle bundle, String name) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null) {
            gone.put(wiring.getClassLoader(), name);
        }
    }

    void interrupt(Bundle bundle) {
        of(bundle).forEach(Thread::interrupt);
    }

    /** Interrupts them, and waits a second at most for their end. */
    void end(Bundle bundle) {
        interrupt(bundle);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (!of(bundle).isEmpty() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Threads of what bundles were before, as sentences; interrupts them, and forgets those that have ended. */
    List<String> leftBehind() {
        List<String> sentences = new ArrayList<>();
        for (ClassLoader loader : List.copyOf(gone.keySet())) {
            List<Thread> left = of(loader::equals);
            if (left.isEmpty()) {
                gone.remove(loader);
            } else {
                left.forEach(Thread::interrupt);
                sentences.add(gone.get(loader) + " is gone and left " + left.size() + " threads running, such as '"
                        + left.get(0).getName().replaceAll("\\p{Cntrl}+", " ")
                        + "'; restart the agent to end them");
            }
        }
        return sentences;
    }

    private static List<Thread> of(Bundle bundle) {
        return of(loader -> loader instanceof BundleReference reference && bundle.equals(reference.getBundle()));
    }

    private static List<Thread> of(Predicate<@Nullable ClassLoader> loader) {
        return all().stream()
                .filter(thread ->
                        loader.test(thread.getClass().getClassLoader()) || loader.test(thread.getContextClassLoader()))
                .toList();
    }

    /** All live threads of the process, without their stacks, which would be costly. */
    private static List<Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] found = new Thread[root.activeCount() + 64];
        int count = root.enumerate(found, true);
        while (count == found.length) {
            found = new Thread[found.length * 2];
            count = root.enumerate(found, true);
        }
        return Arrays.asList(found).subList(0, count);
    }
}
