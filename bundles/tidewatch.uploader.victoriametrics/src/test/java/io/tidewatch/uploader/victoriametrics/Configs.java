package io.tidewatch.uploader.victoriametrics;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as DS makes them: the defaults, and what a .cfg says instead. */
final class Configs {
    private Configs() {}

    static Uploader.Config with(Map<String, String> keys) {
        return (Uploader.Config) Proxy.newProxyInstance(
                Uploader.Config.class.getClassLoader(),
                new Class<?>[] {Uploader.Config.class},
                (proxy, method, arguments) ->
                        keys.getOrDefault(method.getName().replace('_', '.'), (String) method.getDefaultValue()));
    }
}
