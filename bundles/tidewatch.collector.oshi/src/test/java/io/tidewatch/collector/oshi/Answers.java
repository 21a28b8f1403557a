package io.tidewatch.collector.oshi;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Stands in for the many methods of OSHI's interfaces, of which a collector calls few. */
final class Answers {
    private Answers() {}

    /** An object whose methods return what the map says by their name; any other call is an error. */
    static <T> T of(Class<T> type, Map<String, ?> answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (!answers.containsKey(method.getName())) {
                        throw new AssertionError("nobody said what " + method + " returns");
                    }
                    return answers.get(method.getName());
                }));
    }
}
