package io.tidewatch.deploy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/**
 * The bundles that the agent consists of, with the versions of the installation. Those that do work can be replaced by a
 * jar with their name and a higher version; libraries, the configuration and this bundle cannot, as everything else rests on
 * them. Immutable.
 */
final class BuiltIns {
    /** The launcher uses the bundles of the installation where they are. */
    private static final String LOCATION = "reference:";

    private static final String OURS = "tidewatch.";
    private static final Set<String> FIXED = Set.of(
            "tidewatch.api",
            "tidewatch.config",
            "tidewatch.deploy",
            "tidewatch.exposition",
            "tidewatch.httpclient",
            "tidewatch.jna",
            "tidewatch.json",
            "tidewatch.jsonlines",
            "tidewatch.logging",
            "tidewatch.process",
            "tidewatch.procfs");

    private record BuiltIn(Bundle bundle, Version shipped) {}

    private final Map<String, BuiltIn> byName = new HashMap<>();

    /** Those of a framework, before any was replaced. */
    BuiltIns(BundleContext context, Map<Long, Version> shipped) {
        for (Bundle bundle : context.getBundles()) {
            String name = bundle.getSymbolicName();
            if (name != null && bundle.getLocation().startsWith(LOCATION)) {
                Version version = shipped.getOrDefault(bundle.getBundleId(), bundle.getVersion());
                byName.put(name, new BuiltIn(bundle, version));
            }
        }
    }

    /**
     * Those of a framework, with the versions that they had when this process began: kept in a system property, where this
     * bundle finds them after an update.
     */
    static BuiltIns remember(String property, BundleContext context) {
        Map<Long, Version> shipped = new HashMap<>();
        for (String entry : System.getProperty(property, "").split(" ", -1)) {
            int colon = entry.indexOf(':');
            if (colon > 0) {
                shipped.put(Long.valueOf(entry.substring(0, colon)), Version.parseVersion(entry.substring(colon + 1)));
            }
        }
        BuiltIns builtIns = new BuiltIns(context, shipped);
        System.setProperty(
                property,
                builtIns.byName.values().stream()
                        .map(builtIn -> builtIn.bundle().getBundleId() + ":" + builtIn.shipped())
                        .collect(Collectors.joining(" ")));
        return builtIns;
    }

    boolean isBuiltIn(String symbolicName) {
        return byName.containsKey(symbolicName);
    }

    /** The bundle of a symbolic name; null if no built-in has it. */
    @Nullable
    Bundle bundle(String symbolicName) {
        BuiltIn builtIn = byName.get(symbolicName);
        return builtIn == null ? null : builtIn.bundle();
    }

    /** Why a jar cannot take the place of a built-in; empty if it can. */
    String objection(String symbolicName, Version version) {
        BuiltIn builtIn = byName.get(symbolicName);
        if (builtIn == null || !symbolicName.startsWith(OURS) || FIXED.contains(symbolicName)) {
            return "it has the name of a part of the agent, " + symbolicName
                    + ", that only an upgrade of tidewatch replaces; give the bundle a name of its own";
        }
        if (version.compareTo(builtIn.shipped()) <= 0) {
            return "it has the name of a part of the agent, " + symbolicName + ", and version " + version
                    + "; accepted in its place: a version above " + builtIn.shipped();
        }
        return "";
    }
}
