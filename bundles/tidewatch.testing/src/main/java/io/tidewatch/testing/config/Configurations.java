package io.tidewatch.testing.config;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Configurations as Declarative Services makes them: defaults, with some keys set. */
public final class Configurations {
    private Configurations() {}

    /**
     * A configuration.
     *
     * @param type a component property type whose members are all strings with a default
     * @param values keys as a .cfg has them, dotted, and what they are set to
     * @throws IllegalArgumentException if the type has no such key
     */
    public static <T> T of(Class<T> type, Map<String, String> values) {
        Set<String> unknown = new TreeSet<>(values.keySet());
        for (Method method : type.getDeclaredMethods()) {
            unknown.remove(keyOf(method));
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(type.getName() + " has no key " + unknown);
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.getOrDefault(keyOf(method), (String) method.getDefaultValue())));
    }

    private static String keyOf(Method method) {
        return method.getName().replace('_', '.');
    }
}
