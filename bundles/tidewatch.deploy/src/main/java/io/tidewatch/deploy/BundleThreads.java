package io.tidewatch.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;

/**
 * The threads of deployed bundles: those whose class, or whose context class loader, is the bundle's. A thread inherits the
 * latter from the one that starts it, and code of a bundle is called with its own.
 */
final class BundleThreads {
    /** More than a collector needs; the unit allows the whole agent 128. */
    static final int MOST = 8;

    private final Map<Bundle, String> removed = new LinkedHashMap<>();

    /** What to report of the threads of a bundle; empty if they are few. */
    String problem(Bundle bundle) {
        int count = of(bundle).size();
        return count <= MOST
                ? ""
                : "it runs " + count
                        + " threads, of which each takes memory and the agent may have few (TasksMax); have it"
                        + " start " + MOST + " at most, and end them when its component is deactivated";
    }

    /** A bundle is about to be removed; its threads are watched on. */
    void remember(Bundle bundle, String jar) {
        removed.put(bundle, jar);
    }

    void interrupt(Bundle bundle) {
        of(bundle).forEach(Thread::interrupt);
    }

    /** Threads of bundles that are gone, as sentences; forgets those that have ended. */
    List<String> leftBehind() {
        List<String> sentences = new ArrayList<>();
        for (Bundle bundle : List.copyOf(removed.keySet())) {
            List<Thread> left = of(bundle);
            if (left.isEmpty()) {
                removed.remove(bundle);
            } else {
                left.forEach(Thread::interrupt);
                sentences.add(removed.get(bundle) + " is gone and left " + left.size() + " threads running, such as '"
                        + left.get(0).getName().replaceAll("\\p{Cntrl}+", " ")
                        + "'; restart the agent to end them");
            }
        }
        return sentences;
    }

    private static List<Thread> of(Bundle bundle) {
        return all().stream()
                .filter(thread -> isOf(bundle, thread.getClass().getClassLoader())
                        || isOf(bundle, thread.getContextClassLoader()))
                .toList();
    }

    private static boolean isOf(Bundle bundle, @Nullable ClassLoader loader) {
        return loader instanceof BundleReference reference && bundle.equals(reference.getBundle());
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
