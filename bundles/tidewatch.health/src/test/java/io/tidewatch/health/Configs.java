package io.tidewatch.health;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as Declarative Services makes them: defaults, with some keys set. */
final class Configs {
    private Configs() {}

    static HealthSettings.Config with(Map<String, String> values) {
        return (HealthSettings.Config) Proxy.newProxyInstance(
                Configs.class.getClassLoader(),
                new Class<?>[] {HealthSettings.Config.class},
                (proxy, method, args) ->
                        values.getOrDefault(method.getName().replace('_', '.'), (String) method.getDefaultValue()));
    }
}
