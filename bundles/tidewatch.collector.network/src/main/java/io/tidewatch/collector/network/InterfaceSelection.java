package io.tidewatch.collector.network;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses interfaces where there are more than may be reported, so that their series neither jump from pass to pass
 * nor grow without bound: an interface that was chosen stays chosen until it goes, and the others follow in the order
 * of their names. Those left out are counted and named once. Not safe for use by several threads.
 */
final class InterfaceSelection {
    private static final int MOST_NAMED = 100;
    private static final Logger LOG = LoggerFactory.getLogger(InterfaceSelection.class);

    private Set<String> chosen = new HashSet<>();
    private final Set<String> leftOut = new HashSet<>();
    private long leftOutTotal;

    /** @param first is chosen before all others, even where there are more than {@code most} of them */
    Set<String> choose(Collection<String> present, Predicate<String> first, int most) {
        Set<String> candidates = new TreeSet<>(present);
        Set<String> next = new HashSet<>();
        candidates.stream().filter(first).forEach(next::add);
        candidates.stream().filter(chosen::contains).forEach(name -> addWithin(next, name, most));
        candidates.forEach(name -> addWithin(next, name, most));
        chosen = next;
        candidates.removeAll(chosen);
        leftOut.retainAll(candidates);
        List<String> fresh = candidates.stream().filter(leftOut::add).toList();
        if (!fresh.isEmpty()) {
            leftOutTotal += fresh.size();
            report(fresh, most);
        }
        return chosen;
    }

    long leftOutTotal() {
        return leftOutTotal;
    }

    private static void addWithin(Set<String> names, String name, int most) {
        if (names.size() < most) {
            names.add(name);
        }
    }

    private static void report(List<String> fresh, int most) {
        String names = String.join(", ", fresh.subList(0, Math.min(fresh.size(), MOST_NAMED)));
        LOG.warn(
                "{} network interfaces are not reported, as there are more than max.interfaces={}: {}{}. Exclude those"
                        + " that do not matter, or raise max.interfaces",
                fresh.size(),
                most,
                names,
                fresh.size() > MOST_NAMED ? " and " + (fresh.size() - MOST_NAMED) + " more" : "");
    }
}
