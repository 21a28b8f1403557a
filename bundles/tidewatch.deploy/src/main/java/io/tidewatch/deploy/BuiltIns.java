package io.tidewatch.deploy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

    boolean isBuiltIn(String symbolicName) {
        return byName.containsKey(symbolicName);
    }

    /** The bundle of a symbolic name; null if no built-in has it. */
    @Nullable
    Bundle bundle(String symbolicName) {
        BuiltIn builtIn = byName.get(symbolicName);
        return builtIn == null ? null : builtIn.bundle();
    }

    /** The version that was installed, by the id of the bundle. */
    Map<Long, Version> shipped() {
        Map<Long, Version> shipped = new HashMap<>();
        byName.values().forEach(builtIn -> shipped.put(builtIn.bundle().getBundleId(), builtIn.shipped()));
        return shipped;
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
