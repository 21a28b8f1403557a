package io.tidewatch.config;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configurable parts: the PIDs, their keys, and who validates their values. Immutable but for what is read when it
 * is first needed; a part that cannot be read is logged and skipped. Safe for use by several threads.
 */
final class Catalogue {

    /** The configuration metadata of a bundle, running or only a jar. */
    interface Part {
        /** What a message calls it. */
        String name();

        List<URL> metatypes() throws IOException;

        List<URL> components() throws IOException;

        /** The list of its {@link io.tidewatch.api.config.ConfigurationCheck}s, if there is one. */
        List<URL> checks() throws IOException;

        Class<?> load(String name) throws ClassNotFoundException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final List<Part> parts;
    private final Map<String, KnownKeys> metatypes = new HashMap<>();
    private final List<ContainedCheck> checks = new ArrayList<>();

    // Read when a file has a PID without a metatype, which ours all have. Guarded by this.
    private @Nullable Set<String> componentPids;

    Catalogue(List<? extends Part> parts) {
        this(parts, Thread::start);
    }

    /** @param starter starts the threads on which checks are asked */
    Catalogue(List<? extends Part> parts, Consumer<Thread> starter) {
        this.parts = List.copyOf(parts);
        for (Part part : parts) {
            try {
                for (URL document : part.metatypes()) {
                    Documents.metatype(document).forEach((pid, keys) -> metatypes.merge(pid, keys, KnownKeys::and));
                }
                for (URL list : part.checks()) {
                    for (String name : Documents.classes(list)) {
                        checks.add(new ContainedCheck(
                                name + " of " + part.name(),
                                () -> part.load(name).getConstructor().newInstance(),
                                starter));
                    }
                }
            } catch (IOException e) {
                unreadable(part, e);
            }
        }
    }

    boolean owns(String pid) {
        return metatypes.containsKey(pid) || componentPids().contains(pid);
    }

    /** Whether a PID has one configuration only; false without a metatype. */
    boolean isSingle(String pid) {
        KnownKeys keys = metatypes.get(pid);
        return keys != null && keys.single();
    }

    /** Checks that fail or do not answer, as sentences. */
    List<String> troubles() {
        return checks.stream()
                .map(ContainedCheck::trouble)
                .filter(trouble -> !trouble.isEmpty())
                .toList();
    }

    Set<String> pids() {
        Set<String> pids = new HashSet<>(metatypes.keySet());
        pids.addAll(componentPids());
        return pids;
    }

    /** What to say of a file that configures nothing, without its name. */
    String unclaimed(String pid) {
        return "nothing is configured by " + pid
                + Nearest.of(pid, pids())
                        .map(meant -> "; did you mean " + meant + PidOfFile.ENDING + "?")
                        .orElse(" (expected the name of a bundle, or that, a hyphen and any name)");
    }

    /** The keys of a PID; empty without a metatype. */
    Optional<KnownKeys> keys(String pid) {
        return Optional.ofNullable(metatypes.get(pid)).map(keys -> checks(pid).stream()
                .map(check -> new KnownKeys(check.keys(), Set.of(), true))
                .reduce(keys, KnownKeys::and));
    }

    List<ContainedCheck> checks(String pid) {
        return checks.stream().filter(check -> check.concerns(pid)).toList();
    }

    private synchronized Set<String> componentPids() {
        Set<String> pids = componentPids;
        if (pids == null) {
            pids = new HashSet<>();
            for (Part part : parts) {
                try {
                    for (URL document : part.components()) {
                        pids.addAll(Documents.pidsOfComponent(document));
                    }
                } catch (IOException e) {
                    unreadable(part, e);
                }
            }
            componentPids = pids;
        }
        return pids;
    }

    private static void unreadable(Part part, IOException e) {
        LOG.warn("How {} is configured cannot be read", part.name(), e);
    }
}
