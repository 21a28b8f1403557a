package io.tidewatch.config;

import java.util.Set;
import java.util.TreeSet;

/**
 * The keys that a PID has.
 *
 * @param all all of them
 * @param secret those among them whose values are secrets: of type Password in the metatype
 */
record KnownKeys(Set<String> all, Set<String> secret) {
    /** Keys that any component may have: OSGi Compendium 8, 112.6.2 (targets of references) and 102.10 (ranking). */
    private static final String TARGET = ".target";

    private static final String RANKING = "service.ranking";

    KnownKeys {
        all = Set.copyOf(all);
        secret = Set.copyOf(secret);
    }

    boolean knows(String key) {
        return all.contains(key) || key.equals(RANKING) || key.endsWith(TARGET);
    }

    /** These and those. */
    KnownKeys and(KnownKeys others) {
        Set<String> everything = new TreeSet<>(all);
        everything.addAll(others.all);
        Set<String> secrets = new TreeSet<>(secret);
        secrets.addAll(others.secret);
        return new KnownKeys(everything, secrets);
    }
}
