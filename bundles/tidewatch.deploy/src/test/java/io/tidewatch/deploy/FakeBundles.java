package io.tidewatch.deploy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/** Bundles of an installation, of which only name and version are asked. */
final class FakeBundles {
    private FakeBundles() {}

    static BuiltIns builtIns(Map<String, String> versions) {
        List<Bundle> bundles = new ArrayList<>();
        versions.forEach((name, version) -> bundles.add(answering(
                Bundle.class,
                Map.of(
                        "getSymbolicName",
                        name,
                        "getVersion",
                        Version.parseVersion(version),
                        "getLocation",
                        "reference:file:/" + name,
                        "getBundleId",
                        (long) bundles.size() + 1))));
        return new BuiltIns(
                answering(BundleContext.class, Map.of("getBundles", bundles.toArray(Bundle[]::new))), Map.of());
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
