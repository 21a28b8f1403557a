package io.tidewatch.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys that a PID has.
 *
 * @param secret those among them whose values are secrets: of type Password in the metatype
 * @param single whether there is one configuration only, and no instances
 */
record KnownKeys(Set<String> all, Set<String> secret, boolean single) {
    /** Keys that any component may have: OSGi Compendium 8, 112.6.2 (targets of references) and 102.10 (ranking). */
    private static final String TARGET = ".target";

    private static final String RANKING = "service.ranking";

    /** What identifies a component, a service or a collector. */
    private static final List<String> RESERVED =
            List.of("collector.", "component.", "health.", "service.", "objectClass");

    /** Whether the key belongs to the component itself and none may change it, known or not. */
    static boolean isReserved(String key) {
        return RESERVED.stream().anyMatch(key::startsWith) && !key.equals(RANKING);
    }

    boolean knows(String key) {
        return all.contains(key) || key.equals(RANKING) || key.endsWith(TARGET);
    }

    KnownKeys and(KnownKeys others) {
        Set<String> everything = new TreeSet<>(all);
        everything.addAll(others.all);
        Set<String> secrets = new TreeSet<>(secret);
        secrets.addAll(others.secret);
        return new KnownKeys(everything, secrets, single && others.single);
    }
}
