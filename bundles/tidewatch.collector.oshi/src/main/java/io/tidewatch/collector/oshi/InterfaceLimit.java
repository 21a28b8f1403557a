package io.tidewatch.collector.oshi;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses interfaces where there are more than may be reported: one that was chosen stays chosen until it goes, the
 * others follow in the order of their names. Those left out are counted and named once, for as long as they are there.
 * Not safe for use by several threads.
 */
final class InterfaceLimit {
    private static final Logger LOG = LoggerFactory.getLogger(InterfaceLimit.class);

    private static final int MOST_NAMED = 100;

    private Set<String> chosen = new TreeSet<>();
    private final Set<String> leftOut = new HashSet<>();
    private long leftOutTotal;

    Set<String> choose(Collection<String> present, int most) {
        Set<String> next = new TreeSet<>();
        chosen.stream().filter(present::contains).limit(most).forEach(next::add);
        Set<String> others = new TreeSet<>(present);
        others.removeAll(next);
        others.stream().limit(most - next.size()).forEach(next::add);
        others.removeAll(next);
        leftOut.retainAll(others);
        List<String> fresh = others.stream().filter(leftOut::add).toList();
        if (!fresh.isEmpty()) {
            leftOutTotal += fresh.size();
            LOG.warn(
                    "{} network interfaces are not reported, as there are more than max.interfaces={}: {}{}. Exclude those"
                            + " that do not matter, or raise max.interfaces",
                    fresh.size(),
                    most,
                    String.join(", ", fresh.subList(0, Math.min(fresh.size(), MOST_NAMED))),
                    fresh.size() > MOST_NAMED ? " and " + (fresh.size() - MOST_NAMED) + " more" : "");
        }
        chosen = next;
        return next;
    }

    long leftOutTotal() {
        return leftOutTotal;
    }
}
