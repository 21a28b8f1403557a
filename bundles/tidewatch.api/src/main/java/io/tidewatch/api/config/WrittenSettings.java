package io.tidewatch.api.config;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a .cfg as written, by key.
 *
 * @param values text by key; unmodifiable
 */
public record WrittenSettings(Map<String, String> values) {
    /** Copies the values. */
    public WrittenSettings {
        values = Map.copyOf(values);
    }

    /**
     * The values as a component property type, as Declarative Services would hand it to the component: a key that is not
     * written has the default of its method, null if there is none.
     *
     * <p>Source of the key of a method: OSGi Compendium 8, 112.8.2.1, component property mapping; of it the underscore
     * rules ({@code upload_interval} is {@code upload.interval}, {@code __} is {@code _}).
     *
     * @param type an annotation type whose methods all return a String
     * @throws IllegalArgumentException if a method returns anything else
     */
    public <A extends Annotation> A as(Class<A> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getReturnType() != String.class) {
                throw new IllegalArgumentException(method + " does not return a String");
            }
        }
        InvocationHandler handler = (proxy, method, arguments) -> valueOf(type, method);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object valueOf(Class<?> type, Method method) {
        if (method.getDeclaringClass() != type) {
            throw new UnsupportedOperationException("Only the settings of " + type.getName() + " can be asked for");
        }
        String written = values.get(key(method.getName()));
        return written == null ? method.getDefaultValue() : written;
    }

    /** The key of a method. */
    static String key(String method) {
        // A character that no method has stands for the underscore that two of them mean.
        return method.replace("__", " ").replace('_', '.').replace(' ', '_');
    }
}
