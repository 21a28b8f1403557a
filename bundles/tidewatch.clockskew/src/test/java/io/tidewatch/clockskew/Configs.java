package io.tidewatch.clockskew;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as Declarative Services makes them: defaults, with some keys set. */
final class Configs {
    private Configs() {}

    static ClockSkew.Config with(Map<String, String> values) {
        return (ClockSkew.Config) Proxy.newProxyInstance(
                Configs.class.getClassLoader(),
                new Class<?>[] {ClockSkew.Config.class},
                (proxy, method, args) ->
                        values.getOrDefault(method.getName().replace('_', '.'), (String) method.getDefaultValue()));
    }
}
