package io.tidewatch.testing.config;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configurations as Declarative Services makes them from a .cfg: annotations that answer what was written, and their
 * defaults for the rest.
 *
 * <pre>{@code
 * new DiskCollector(procFs, TypedConfiguration.of(DiskCollector.Config.class, Map.of("allowed.devices", "sda")));
 * }</pre>
 *
 * <p>Source: OSGi Compendium 8, section 112.8.2.1, of which this takes what the agent's configurations use: members are
 * texts with a default, and an underscore in their names is a dot in the key.
 */
public final class TypedConfiguration {
    private TypedConfiguration() {}

    /** A configuration of which nothing was written. */
    public static <A> A of(Class<A> type) {
        return of(type, Map.of());
    }

    /**
     * A configuration of which some keys were written. Later changes of the map change nothing.
     *
     * @param written values by key, as {@code allowed.devices}
     * @throws IllegalArgumentException if the annotation has no such key, or a member that is not a text with a default
     */
    public static <A> A of(Class<A> type, Map<String, String> written) {
        Map<String, String> rest = new HashMap<>(written);
        Map<String, String> answers = new HashMap<>();
        for (Method member : type.getDeclaredMethods()) {
            if (!(member.getDefaultValue() instanceof String byDefault)) {
                throw new IllegalArgumentException(member + " is not a text with a default");
            }
            String value = rest.remove(key(member));
            answers.put(member.getName(), value == null ? byDefault : value);
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException(type.getName() + " has no key " + String.join(", ", rest.keySet()));
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getDeclaringClass() == type
                        ? answers.get(method.getName())
                        : ofEveryObject(type, answers, proxy, method, arguments)));
    }

    static String key(Method member) {
        return member.getName().replace('_', '.');
    }

    private static Object ofEveryObject(
            Class<?> type, Map<String, String> answers, Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> type.getName() + answers;
            case "annotationType" -> type;
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }
}
